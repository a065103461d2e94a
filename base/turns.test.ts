import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurns } from './turns.ts';

test('no more than so many at once, in order, and a failure gives its place away', async () => {
  const turn = inTurns(2);
  const order: number[] = [];
  let busy = 0;
  let most = 0;
  const act = (n: number) => async () => {
    most = Math.max(most, ++busy);
    await new Promise((done) => setImmediate(done));
    order.push(n);
    busy--;
    if (n === 1) throw new Error('one');
    return n;
  };

  const results = await Promise.allSettled([1, 2, 3, 4, 5].map((n) => turn(act(n))));

  assert.equal(most, 2);
  assert.deepEqual(order, [1, 2, 3, 4, 5]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', ...Array(4).fill('fulfilled')],
  );
});
