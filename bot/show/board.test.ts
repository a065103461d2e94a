import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liveIn, noteLive } from './live.ts';
import { openShow } from './office-for-tests.ts';
import type { Slot } from './slots.ts';

const ops = { platform: 'chat', channel: 'ops' };
const board: Slot = { kind: 'board', ...ops };
const nine = Array.from({ length: 9 }, (_, at) => `r-${at + 1}`);

/** All of these go on in `ops`, as far as anybody noted. */
async function noteAll(show: Awaited<ReturnType<typeof openShow>>, runs: readonly string[]): Promise<void> {
  for (const run of runs) await noteLive(show.office, ops, run, true);
}

test('jobs that are over, and jobs that nobody knows any more, make no board', async () => {
  using show = await openShow();
  await noteAll(show, nine);
  await show.setRun('r-1', 'running');
  for (const run of nine.slice(2)) await show.setRun(run, 'done');

  await show.showOnce(board);

  assert.deepEqual(
    show.chat.texts().filter((text) => /jobs/.test(text)),
    [],
  );
  assert.deepEqual(await liveIn(show.office, ops), ['r-1']);
  assert.ok((await show.slots()).includes('run/r-1/chat/ops'), 'its card may speak of a board: it is drawn anew');
});

test('with nine jobs going on there is a board; when they are over, it says so and counts them no more', async () => {
  using show = await openShow();
  await noteAll(show, nine);
  for (const run of nine) await show.setRun(run, 'running');

  await show.showOnce(board);
  for (const run of nine) await show.setRun(run, 'done');
  await show.showOnce(board);

  assert.deepEqual(show.chat.texts(), ['The rush is over: each job’s own card shows how it goes.']);
  assert.deepEqual(await liveIn(show.office, ops), []);
});

test('a board of a closed channel is tried more and more seldom, and given up after a day', async () => {
  using show = await openShow();
  await noteAll(show, nine);
  for (const run of nine) await show.setRun(run, 'running');
  show.chat.closed.add('ops');

  const [first, second] = [await show.showOnce(board), await show.showOnce(board)];
  show.time.now += 25 * 3_600_000;
  const last = await show.showOnce(board);

  assert.deepEqual([first.dueInS, second.dueInS, last.dueInS], [1, 2, undefined]);
});

test('after a rush in direct messages each job’s own card shows it again, in its own place', async () => {
  using show = await openShow();
  const direct = { platform: 'chat', channel: '@chat:ana' };
  for (const run of nine) {
    await noteLive(show.office, direct, run, true);
    await show.setRun(run, 'running');
  }
  await show.showOnce({ kind: 'board', ...direct });
  await show.setRun('r-9', 'done');

  await show.showOnce({ kind: 'board', ...direct });

  const slots = await show.slots();
  assert.ok(slots.includes('run/r-1/chat/ops'), slots.join());
  assert.ok(!slots.includes('run/r-1/chat/%40chat%3Aana'), slots.join());
});
