import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restMs } from './let-end.ts';

test('what is left of a copy takes as long as what was seen of it', () => {
  // 30 % took a minute, and 40 % are left.
  assert.equal(restMs(60_000, 30, 60), 80_000);
});

test('nothing is said before anything was seen to be copied', () => {
  assert.equal(restMs(60_000, 0, 10), undefined);
});
