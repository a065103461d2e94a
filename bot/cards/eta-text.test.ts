import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRecord, StepRecord } from '#jobs/engine/record.ts';
import { shapeOf } from '../show/eta.ts';
import { etaText } from './eta-text.ts';

const run = {
  plan: { name: 'k8s-dev', node: 'pve1' },
  view: { steps: ['Clone debian to k8s-dev on pve1', 'Start k8s-dev', 'Wait for SSH'] },
} as unknown as RunRecord;

const typical = new Map([
  ['Clone debian to * on pve#', { p50: 20_000, p95: 40_000 }],
  ['Start *', { p50: 2000, p95: 5000 }],
  ['Wait for SSH', { p50: 30_000, p95: 60_000 }],
]);

const cloning = { label: 'Clone debian to k8s-dev on pve1', startedAt: 1000 } as StepRecord;

test('what is left is how long the steps to come usually take', () => {
  assert.equal(etaText(run, [], typical, 1000), 'about 55 s left');
  assert.equal(etaText(run, [cloning], typical, 11_000), 'about 45 s left');
});

test('a step that takes longer than nearly all before is slow', () => {
  assert.equal(etaText(run, [cloning], typical, 60_000), 'slower than usual');
});

test('what was never seen is not guessed', () => {
  assert.equal(etaText(run, [cloning], new Map(), 11_000), undefined);
});

test('a step is known again whatever its VM is called', () => {
  assert.equal(shapeOf('Start k8s-dev', run), 'Start *');
  assert.equal(shapeOf('Clone lab to one', { ...run, plan: { name: 'one' } }), 'Clone lab to *');
  assert.equal(
    shapeOf('Set 4 CPUs, 8 GiB memory, address and keys', run),
    'Set # CPUs, # GiB memory, address and keys',
  );
});
