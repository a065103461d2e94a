import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liveIn, noteLive } from './live.ts';
import { openShow } from './office-for-tests.ts';
import type { Slot } from './slots.ts';

const dayMs = 24 * 3_600_000;
const ops = { platform: 'chat', channel: 'ops' };
const direct = { platform: 'chat', channel: '@chat:ana' };
const card: Slot = { kind: 'run', run: 'r-1', ...ops };
const watcher: Slot = { kind: 'watch', run: 'r-1', account: 'chat:ana' };

for (const [what, slot, closed] of [
  ['a channel and the person who asked there take no messages', card, ['ops', '@chat:ana']],
  ['a channel takes no messages, and nobody can write to who asked there', card, ['ops', 'chat:ana']],
  ['nobody can write to who watches a job', watcher, ['chat:ana']],
] as const) {
  test(`when ${what}, it is tried more and more seldom`, async () => {
    using show = await openShow();
    await show.setRun('r-1', 'done');
    for (const channel of closed) show.chat.closed.add(channel);

    const pauses = [];
    for (let tries = 0; tries < 8; tries++) pauses.push((await show.showOnce(slot)).dueInS);

    assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
  });

  test(`when ${what} for a day, it is given up, and the log says so once`, async () => {
    using show = await openShow();
    await show.setRun('r-1', 'done');
    for (const channel of closed) show.chat.closed.add(channel);

    const first = await show.showOnce(slot);
    show.time.now += dayMs;
    const last = await show.showOnce(slot);

    assert.deepEqual([first.dueInS, last.dueInS], [1, undefined]);
    assert.equal(show.warnings.filter((words) => words.startsWith('a message is given up')).length, 1);
  });
}

test('what tells of a job that goes on is not given up', async () => {
  using show = await openShow();
  await show.setRun('r-1', 'asking');
  for (const channel of ['ops', '@chat:ana']) show.chat.closed.add(channel);

  await show.showOnce(card);
  show.time.now += 3 * dayMs;
  const { dueInS } = await show.showOnce(card);

  assert.equal(dueInS, 2);
});

test('what was given up is shown when something new happens and the channel takes messages again', async () => {
  using show = await openShow();
  await show.setRun('r-1', 'done');
  show.chat.closed.add('chat:ana');
  await show.showOnce(watcher);
  show.time.now += dayMs;
  await show.showOnce(watcher);
  show.chat.closed.clear();

  const { shown } = await show.showOnce(watcher);

  assert.deepEqual(show.chat.texts(), ['/vm create r-1 is done.']);
  assert.equal(shown.failures, 0);
});

test('a platform that wants a longer pause gets it', async () => {
  using show = await openShow();
  await show.setRun('r-1', 'done');
  show.chat.busyForMs = 30_000;

  const { dueInS } = await show.showOnce(watcher);

  assert.equal(dueInS, 30);
});

test('a job that goes on in direct messages is no job of the channel that took none', async () => {
  using show = await openShow();
  await show.setRun('r-1', 'running');
  await noteLive(show.office, ops, 'r-2', true);
  show.chat.closed.add('ops');

  await show.showOnce(card);
  await show.showOnce(card);

  assert.deepEqual(
    show.chat.posts.map(({ place }) => place),
    [direct, direct],
  );
  assert.deepEqual(await liveIn(show.office, ops), ['r-2']);
  assert.deepEqual(await liveIn(show.office, direct), ['r-1']);
});
