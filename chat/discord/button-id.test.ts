import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readButtonId, writeButtonId } from './button-id.ts';
import { most } from './render/limits.ts';

test('what a button asks stands in its id, and comes out again', () => {
  for (const id of [
    { token: 'a-b_9' },
    { token: 'a-b_9', ask: 'Really? ~1 is gone!' },
    { token: 'a-b_9', ask: '' },
    { token: 'a-b_9', asked: true },
  ] as const) {
    assert.deepEqual(readButtonId(writeButtonId(id)), id);
    assert.deepEqual(readButtonId(writeButtonId(id, 3)), id);
  }
});

test('the longest token still has room for its marks, and a long question is cut', () => {
  const token = 'x'.repeat(90);

  const long = writeButtonId({ token, ask: 'Take back everything this run made?' }, 12);

  assert.ok(long.length <= most.customId);
  assert.equal(readButtonId(long).token, token);
});
