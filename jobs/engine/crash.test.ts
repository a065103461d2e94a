import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { permanent } from './test-far-side.ts';
import { jobsOf, make } from './test-jobs.ts';
import { openSetting } from './test-setting.ts';

const forward = [
  'before run/plan',
  'after run/plan',
  'before run/planned',
  'after run/planned',
  'before run/locks',
  'after run/locks',
  'before run/started',
  'after run/started',
  'before make#b/intent',
  'after make#b/intent',
  'before make#b/effect',
  'before make#b/saved',
  'after make#b/saved',
  'after make#b/effect',
  'before make#b/result',
  'after make#b/result',
  'before run/result',
  'after run/result',
  'before claims/settle',
  'after claims/settle',
  'before run/finish',
];

describe('a worker that dies', { concurrency: 12 }, () => {
  for (const site of forward) {
    test(`${site}: another one goes on, and makes nothing twice`, async () => {
      await using setting = await openSetting(jobsOf(make));
      setting.far.plan = { things: ['a', 'b', 'c'], locks: ['vm:1'] };
      const mortal = await setting.startMortal(site);
      const id = await setting.submit();
      await mortal.died;
      await setting.startWorker();

      const run = await setting.until(id, 'done');

      assert.deepEqual(run.result, { made: ['a', 'b', 'c'] });
      assert.deepEqual(
        setting.far.effects.filter((effect) => effect.startsWith('make')),
        ['make a', 'make b', 'make c'],
      );
      assert.equal(setting.far.claimed.size, 0);
      assert.equal(await setting.redis.zcard(`${setting.prefix}:places`), 0);
    });
  }

  const backward = [
    'before make#c/failed',
    'after make#c/failed',
    'before run/undoing',
    'after run/undoing',
    'before make#b/undo intent',
    'after make#b/undo intent',
    'before make#b/undo',
    'after make#b/undo',
    'before make#b/undone',
    'after make#b/undone',
    'before claims/release',
    'after claims/release',
    'before run/finish',
  ];
  for (const site of backward) {
    test(`${site}, while taking back: another one goes on, and nothing is left`, async () => {
      await using setting = await openSetting(jobsOf(make));
      setting.far.before.set('make c', () => {
        throw permanent('no space left');
      });
      const mortal = await setting.startMortal(site);
      const id = await setting.submit();
      await mortal.died;
      await setting.startWorker();

      const run = await setting.until(id, 'failed');

      assert.equal(setting.far.things.size, 0);
      assert.deepEqual(run.failure?.takenBack, ['removed c', 'removed b', 'removed a']);
      assert.equal(setting.far.claimed.size, 0);
    });
  }
});

test('Z: a worker that was frozen beyond its lease makes and writes nothing more', async () => {
  await using setting = await openSetting(jobsOf(make));
  const frozen = Promise.withResolvers<void>();
  const thawed = Promise.withResolvers<void>();
  const zombie = await setting.startWorker({
    name: 'frozen',
    // A worker that stands still: it neither renews nor notices.
    times: { lease: 300, renew: 60_000, sweep: 60_000 },
    onSite: async (site) => {
      if (site !== 'before make#b/effect') return;
      frozen.resolve();
      await thawed.promise;
    },
  });
  const id = await setting.submit();
  await frozen.promise;
  await setting.startWorker({ name: 'heir' });

  const run = await setting.until(id, 'done');
  thawed.resolve();
  await setting.untilTrue('the zombie stops', () => zombie.busy === 0);

  assert.equal(run.epoch, 2);
  assert.deepEqual(setting.far.effects, ['make a', 'find b', 'make b', 'make c']);
  const epochs = (await audit(setting)).map(({ epoch }) => Number(epoch));
  assert.deepEqual(
    epochs,
    epochs.toSorted((a, b) => a - b),
  );
});

test('K-loop: a step at which every worker dies is left to a person after three of them', async () => {
  await using setting = await openSetting(jobsOf(make));
  const id = await setting.submit();
  for (let death = 1; death <= 3; death++) {
    const mortal = await setting.startMortal('before make#b/effect');
    await mortal.died;
  }
  await setting.startWorker();

  const run = await setting.until(id, 'stuck');

  assert.equal(run.failure?.message, '3 workers died at "Make b".');
  assert.deepEqual([...setting.far.claimed], [id]);
});

test('Q-lost: a run whose bells were all lost is found by the sweep', async () => {
  await using setting = await openSetting(jobsOf(make));
  const id = await setting.submit();
  for (const key of await setting.redis.keys(`${setting.prefix}:bull:*`)) await setting.redis.del(key);

  await setting.startWorker();
  const run = await setting.until(id, 'done', 1500);

  assert.deepEqual(run.result, { made: ['a', 'b', 'c'] });
});

test('bells that nobody follows are no reason to wait for ever', async () => {
  await using setting = await openSetting(jobsOf(make));
  await setting.redis.hset(`${setting.prefix}:bull:looks:meta`, 'paused', '1');
  await setting.startWorker();

  const id = await setting.submit();

  await setting.until(id, 'done', 3000);
});

async function audit(setting: Awaited<ReturnType<typeof openSetting>>): Promise<Record<string, string>[]> {
  const entries = await setting.redis.xrange(`${setting.prefix}:audit`, '-', '+');
  return entries.map(([, flat]) => {
    const pairs: [string, string][] = [];
    for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i] ?? '', flat[i + 1] ?? '']);
    return Object.fromEntries(pairs);
  });
}
