import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rebootVm, startVm, stopVm } from './power.ts';

const plan = { vmid: 5000, node: 'pve1', name: 'k8s-dev', force: false };
const forced = { ...plan, force: true };

test('a forced stop or reboot ends the ones that wait for their guest, and nobody else’s work', () => {
  const jobs = ['vm stop', 'vm reboot', 'vm start', 'vm create', 'vm resize', 'vm destroy'];
  const endedBy = (job: typeof stopVm, mine: typeof plan, theirs: typeof plan) =>
    jobs.filter((other) => job.ends?.(mine, { job: other, plan: theirs }));

  assert.deepEqual(endedBy(stopVm, forced, plan), ['vm stop', 'vm reboot']);
  assert.deepEqual(endedBy(rebootVm, forced, plan), ['vm stop', 'vm reboot']);
  assert.deepEqual(endedBy(stopVm, plan, plan), []);
  assert.deepEqual(endedBy(stopVm, forced, forced), []);
  assert.deepEqual(endedBy(startVm, plan, plan), []);
});
