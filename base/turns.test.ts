import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurns, makeLine } from './turns.ts';

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

test('a line gives the turn on in order, past those who gave up waiting', async () => {
  const enter = makeLine();
  const patient = new AbortController().signal;
  const hurried = new AbortController();
  const order: string[] = [];
  const act = async (name: string, signal: AbortSignal) => {
    using _ = await enter(signal);
    order.push(name);
  };
  const first = await enter(patient);

  const waiting = [act('a', patient), act('b', hurried.signal), act('c', patient)];
  hurried.abort(new Error('no time'));
  first[Symbol.dispose]();
  const results = await Promise.allSettled(waiting);

  assert.deepEqual(order, ['a', 'c']);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
});

test('a turn is free again when everybody has gone', async () => {
  const enter = makeLine();
  const { signal } = new AbortController();

  (await enter(signal))[Symbol.dispose]();
  using _ = await enter(signal);
  const next = await enter(AbortSignal.timeout(20)).catch(() => 'waits');

  assert.equal(next, 'waits');
});
