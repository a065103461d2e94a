import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectRedis } from '#jobs/engine/redis.ts';
import { freshRedis } from '../../test/redis.ts';
import { hold, mark, nextDueMs, readShown, type Slot, settle, TakenOver, takeDue, writeShown } from './slots.ts';

const slot = (run: string): Slot => ({ kind: 'run', run, platform: 'slack', channel: 'C1/with a slash' });

async function open() {
  const { url, prefix } = await freshRedis();
  const redis = connectRedis(url, 'blocking');
  return { redis, prefix, [Symbol.dispose]: () => redis.disconnect() };
}

test('what is marked twice is taken once, and by one gateway', async () => {
  using shared = await open();
  await mark(shared, slot('r-1'), false);
  await mark(shared, slot('r-1'), false);

  const [first, second] = await Promise.all([takeDue(shared, 10), takeDue(shared, 10)]);

  assert.deepEqual(
    [...first, ...second].map((taken) => taken.slot),
    [slot('r-1')],
  );
});

test('what was taken by somebody who never heard the answer is answered again, to nobody else', async () => {
  using shared = await open();
  await mark(shared, slot('r-1'), false);
  await takeDue(shared, 10, { token: 'lost' });

  const others = await takeDue(shared, 10, { again: true });
  const again = await takeDue(shared, 10, { token: 'lost', again: true });

  assert.deepEqual(others, []);
  assert.deepEqual(
    again.map((taken) => taken.slot),
    [slot('r-1')],
  );
});

test('what is urgent goes before what was marked earlier', async () => {
  using shared = await open();
  await mark(shared, slot('r-1'), false);
  await mark(shared, slot('r-2'), true);

  const taken = await takeDue(shared, 10);

  assert.deepEqual(
    taken.map(({ slot: one, urgent }) => [(one as { run: string }).run, urgent]),
    [
      ['r-2', true],
      ['r-1', false],
    ],
  );
});

test('a slot that was marked while it was shown is due again after its pause, at once when that is urgent', async () => {
  using shared = await open();
  await mark(shared, slot('r-1'), false);
  await mark(shared, slot('r-2'), false);
  const [one, other] = await takeDue(shared, 10);
  assert(one && other);
  await mark(shared, one.slot, false);
  await mark(shared, other.slot, true);

  assert.deepEqual(await takeDue(shared, 10), [], 'nobody takes what is being shown');
  await settle(shared, one, 60_000, false);
  await settle(shared, other, 60_000, false);

  const next = await takeDue(shared, 10);
  for (const taken of next) await settle(shared, taken, 0, false);
  assert.deepEqual(
    next.map(({ name }) => name),
    [other.name],
  );
  const inMs = (await nextDueMs(shared)) ?? 0;
  assert.ok(inMs > 40_000, `${inMs}`);
});

test('a slot that was shown and has nothing new is not due any more', async () => {
  using shared = await open();
  await mark(shared, slot('r-1'), true);
  const [taken] = await takeDue(shared, 1);
  assert(taken);

  await settle(shared, taken, 0, false);

  assert.equal(await nextDueMs(shared), undefined);
});

test('who lost a slot to another gateway changes nothing of it any more', async () => {
  using shared = await open();
  await mark(shared, slot('r-1'), false);
  const [taken] = await takeDue(shared, 1);
  assert(taken);

  await settle(shared, { ...taken, token: 'somebody else' }, 0, false);

  const inMs = (await nextDueMs(shared)) ?? 0;
  assert.ok(inMs > 3_000, 'it stays with the one who has it');
});

test('what was shown is remembered', async () => {
  using shared = await open();
  await mark(shared, slot('r-1'), false);
  const [taken] = await takeDue(shared, 1);
  assert(taken);

  await writeShown(shared, taken, { cursor: '1-0', told: ['plan'] });

  assert.deepEqual(await readShown(shared, taken.name), { cursor: '1-0', told: ['plan'] });
  assert.deepEqual(await readShown(shared, 'run/b'), {});
});

test('what a gateway had that died is shown by another one within 5 s; what one is still at work on stays with it', async () => {
  using shared = await open();
  await mark(shared, slot('r-1'), false);
  await mark(shared, slot('r-2'), false);
  const [dead, alive] = await takeDue(shared, 10, { forMs: 30 });
  assert(dead && alive);

  await hold(shared, [alive]);
  await new Promise((resolve) => setTimeout(resolve, 40));
  const next = await takeDue(shared, 10);

  assert.deepEqual(
    next.map(({ slot: one }) => one),
    [dead.slot],
  );
  assert.ok(((await nextDueMs(shared)) ?? 0) <= 5_000);
});

test('who comes late writes nothing over what another one noted, and what it may have sent is put right', async () => {
  using shared = await open();
  await mark(shared, slot('r-1'), false);
  const [late] = await takeDue(shared, 1, { forMs: 0 });
  const [next] = await takeDue(shared, 1);
  assert(late && next);
  await writeShown(shared, next, { cursor: '2-0', hash: 'new' });
  await settle(shared, next, 0, false);

  await assert.rejects(writeShown(shared, late, { cursor: '1-0', hash: 'old' }), TakenOver);
  const [again] = await takeDue(shared, 1);
  assert(again);
  const noted = await readShown(shared, again.name);
  await settle(shared, again, 0, false);

  assert.deepEqual(noted, { cursor: '2-0', hash: '' });
  assert.equal((await readShown(shared, again.name)).hash, 'new');
});
