import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Cancelled, Drained, Lost, Overtime } from './interruptions.ts';
import { makeWorld } from './make-world.ts';
import type { Situation } from './situation.ts';

/** A world whose `check` is what stands before each change, and `sent` what is told of each. No step may ignore its signal for a moment. */
function worldWith(signal: AbortSignal, { ensure = () => undefined, lost = new AbortController().signal } = {}) {
  const api = { guarded: (check: () => void, sent: (answer: Promise<unknown>) => void) => ({ check, sent }) };
  const engine = { tools: {}, times: { grace: 0 } };
  const record = { by: { key: 'ana', name: 'Ana' } };
  const situation = { engine, record, lease: { run: 'r-1', ensure, lost }, cluster: { api } };
  const world = makeWorld(situation as unknown as Situation, { id: 'boot', saved: undefined }, signal);
  const { check, sent } = world.cluster.api as unknown as ReturnType<typeof api.guarded>;
  return { world, check, sent };
}

/** A step that ignores its signal, has sent a change, and ends when that was answered. */
function stepInTheAir(signal: AbortSignal, lost?: AbortSignal) {
  const { world, sent } = worldWith(signal, lost ? { lost } : {});
  const answer = Promise.withResolvers<string>();
  sent(answer.promise);
  let left: unknown;
  const outcome = world.heed(answer.promise).catch((error: unknown) => {
    left = error;
    return 'left behind';
  });
  return { answer, outcome, left: () => left };
}

/** Long enough for a step to be left behind, if it is. */
async function someTurns(): Promise<void> {
  const since = performance.now();
  while (performance.now() - since < 20) await turn();
}

test('a step that was cancelled and left behind changes nothing more', () => {
  const cancelling = new AbortController();
  const { check } = worldWith(cancelling.signal);

  check();
  cancelling.abort(new Cancelled('Ana cancelled it.'));

  assert.throws(check, Cancelled);
});

test('a worker whose lease is over changes nothing more', () => {
  const ensure = () => {
    throw new Lost('the lease ran out');
  };
  const { check } = worldWith(new AbortController().signal, { ensure });

  assert.throws(check, Lost);
});

for (const reason of [new Cancelled('Ana cancelled it.'), new Overtime('It took too long.')]) {
  test(`${reason.name}: a step is not left behind while a change that it sent is without an answer`, async () => {
    const stopping = new AbortController();
    const { answer, outcome, left } = stepInTheAir(stopping.signal);

    stopping.abort(reason);
    await someTurns();
    const leftEarly = left();
    answer.resolve('UPID');

    assert.equal(leftEarly, undefined);
    assert.equal(await outcome, 'UPID');
  });
}

for (const reason of [new Lost('the lease ran out'), new Drained('This worker shuts down.')]) {
  test(`${reason.name}: a step is left behind at once, whatever it sent: another worker looks what came of it`, async () => {
    const stopping = new AbortController();
    const { outcome, left } = stepInTheAir(stopping.signal);

    stopping.abort(reason);
    const what = await outcome;

    assert.equal(what, 'left behind');
    assert.equal(left(), reason);
  });
}

test('a cancelled step whose worker loses its lease is waited for no more', async () => {
  const cancelling = new AbortController();
  const losing = new AbortController();
  const { outcome } = stepInTheAir(cancelling.signal, losing.signal);

  cancelling.abort(new Cancelled('Ana cancelled it.'));
  await someTurns();
  losing.abort(new Lost('the lease ran out'));

  assert.equal(await outcome, 'left behind');
});

test('a cancelled step that ignores its signal is left behind once its change is answered', async () => {
  const cancelling = new AbortController();
  const { world, sent } = worldWith(cancelling.signal);
  const answer = Promise.withResolvers<void>();
  sent(answer.promise);
  const outcome = world.heed(new Promise(() => undefined));

  cancelling.abort(new Cancelled('Ana cancelled it.'));
  answer.reject(new Error('no answer'));

  await assert.rejects(outcome, Cancelled);
});
