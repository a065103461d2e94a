import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startPatience } from './patience.ts';

/** Keeps this process from everything else, as a machine does that is busy with others. */
function standStill(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
}

test('what a process could not do while it stood still does not count as waiting', async () => {
  let isOver = false;
  const stop = startPatience(500, () => {
    isOver = true;
  });

  standStill(600);
  await new Promise((resolve) => setImmediate(resolve));
  const afterwards = isOver;
  stop();

  assert.equal(afterwards, false);
});

test('patience ends when nothing has come', async () => {
  const over = Promise.withResolvers<void>();

  startPatience(100, over.resolve);

  await over.promise;
});
