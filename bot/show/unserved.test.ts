import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markEvents } from './mark-events.ts';
import { openShow } from './office-for-tests.ts';
import type { Slot } from './slots.ts';

const dayMs = 24 * 3_600_000;
const card: Slot = { kind: 'run', run: 'r-1', platform: 'teams', channel: 'ops' };

test('a message for a platform that another gateway serves is soon looked at again', async () => {
  using show = await openShow();
  await show.setRun('r-1', 'done', { platform: 'teams', channel: 'ops' });
  show.served.add('teams');

  const pauses = [];
  for (let tries = 0; tries < 5; tries++) pauses.push((await show.showOnce(card)).dueInS);

  assert.deepEqual(pauses, [1, 2, 4, 4, 4]);
});

test('a message for a platform that nobody serves is looked at ever more seldom, and given up after a day', async () => {
  using show = await openShow();
  await show.setRun('r-1', 'done', { platform: 'teams', channel: 'ops' });

  const pauses = [];
  for (let tries = 0; tries < 8; tries++) pauses.push((await show.showOnce(card)).dueInS);
  show.time.now += dayMs;
  const last = await show.showOnce(card);

  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
  assert.equal(last.dueInS, undefined);
  assert.equal(show.warnings.filter((words) => words.startsWith('a message is given up')).length, 1);
});

test('a run that was asked for in no chat has no card, and its events are handled', async () => {
  using show = await openShow();
  await show.setRun('r-1', 'done', null);

  await markEvents(show.office, [{ id: '1-0', runId: 'r-1', state: 'done', kind: 'finished', step: '', text: '' }]);

  assert.deepEqual(await show.slots(), []);
});
