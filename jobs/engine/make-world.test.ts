import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cancelled, Lost } from './interruptions.ts';
import { makeWorld } from './make-world.ts';
import type { Situation } from './situation.ts';

/** A world whose `api.check` is what stands before each change. */
function worldWith(signal: AbortSignal, lease: () => void) {
  const api = { guarded: (check: () => void) => ({ check }) };
  const situation = { engine: { tools: {} }, lease: { run: 'r-1', ensure: lease }, cluster: { api } };
  const world = makeWorld(situation as unknown as Situation, { id: 'boot', saved: undefined }, signal);
  return world.cluster.api as unknown as { check(): void };
}

test('a step that was cancelled and left behind changes nothing more', () => {
  const cancelling = new AbortController();
  const { check } = worldWith(cancelling.signal, () => undefined);

  check();
  cancelling.abort(new Cancelled('Ana cancelled it.'));

  assert.throws(check, Cancelled);
});

test('a worker whose lease is over changes nothing more', () => {
  const { check } = worldWith(new AbortController().signal, () => {
    throw new Lost('the lease ran out');
  });

  assert.throws(check, Lost);
});
