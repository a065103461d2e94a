import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pauseMs } from './pause.ts';

const slack = { edits: { perMinute: 45, burst: 15 }, thread: 'notes' as const };

for (const [live, ageMs, expected] of [
  [1, 0, 2000],
  [1, 3 * 60_000, 5000],
  [1, 11 * 60_000, 15_000],
  [8, 0, 10_667],
  [20, 0, 26_667],
] as const) {
  test(`${live} live cards, ${ageMs / 1000} s old, rest ${expected} ms between edits`, () => {
    assert.equal(Math.round(pauseMs(slack, live, ageMs)), expected);
  });
}

test('where the platform sets no limit, cards rest no longer than the eye, and share what a gateway can do', () => {
  assert.equal(pauseMs({ thread: 'all' }, 1, 0), 100);
  assert.equal(pauseMs({ thread: 'all' }, 100, 0), 1000);
});
