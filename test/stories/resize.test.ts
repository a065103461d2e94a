import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '#lab/faults.ts';
import { textOf } from '../console.ts';
import { callsOf, type Setting, startSetting } from '../setting.ts';

/** A setting with one VM, `k8s-dev`, number 5000, which runs with 2 CPUs and 4 GiB of memory on a node with 8 and 16 GiB. */
async function startWithVm(): Promise<Setting> {
  const nodes = ['pve1', 'pve2'].map((name) => ({ name, cpus: 8, memory: 16 * 1024 ** 3 }));
  const setting = await startSetting({ lab: { nodes } });
  await setting.ana.type('/vm create k8s-dev medium');
  await setting.ana.until(/k8s-dev is ready/);
  return setting;
}

/** What the VM runs with, and what it would run with after its next start. */
function stateOf({ lab }: Setting) {
  const guest = lab.state.guests.find(({ vmid }) => vmid === 5000);
  const { cores, memory } = guest?.config ?? {};
  const next = { ...guest?.config, ...guest?.pending };
  return { now: [cores, memory], next: [next.cores, next.memory], power: lab.machines.get(5000)?.power };
}

const asBefore = { now: ['2', '4096'], next: ['2', '4096'], power: 'running' };

test('more CPUs than the node has, and more memory than it has left, are refused', async () => {
  await using setting = await startWithVm();

  await setting.ana.type('/vm resize k8s-dev --cpus 9 --restart');
  await setting.ana.until(/k8s-dev can't have 9 CPUs: its node pve1 has 8 CPUs\.\n\/vm resize k8s-dev --cpus 8/);
  await setting.ana.type('/vm resize k8s-dev --memory 20G');
  await setting.ana.until(/k8s-dev can't have 16 GiB more memory: its node pve1 has [\d.]+ GiB left\./);

  assert.deepEqual(stateOf(setting), asBefore);
});

test('a size that must be one of ours is not one of JavaScript', async () => {
  await using setting = await startWithVm();

  await setting.ana.type('/vm resize k8s-dev constructor');

  await setting.ana.until(/There is no size "constructor"\. Known: small, medium, large\./);
});

test('--restart makes a size count that was set before and waits', async () => {
  await using setting = await startWithVm();
  await setting.ana.type('/vm resize k8s-dev --cpus 3');
  await setting.ana.until(/CPUs and memory count after its next stop and start\./);

  await setting.ana.type('/vm resize k8s-dev --cpus 3');
  await setting.ana.until(/has 3 CPUs, .* already; CPUs and memory count after.*\n\/vm resize k8s-dev .* --restart/);
  await setting.ana.type('/vm resize k8s-dev --cpus 3 --restart');
  await setting.ana.until(/GiB disk now\nRun .* --cpus 3 --restart/);

  assert.deepEqual(stateOf(setting), { now: ['3', '4096'], next: ['3', '4096'], power: 'running' });
  assert.equal(callsOf(setting.lab, /^POST .*status\/shutdown$/), 1);
});

test('a guest that does not shut down keeps what it had, and the way out can be typed', async () => {
  await using setting = await startWithVm();
  const exitstatus = 'VM quit/powerdown failed - got timeout';
  setting.lab.faults.push({ method: 'POST', path: /status\/shutdown$/, mode: 'task', exitstatus });

  await setting.ana.type('/vm resize k8s-dev --cpus 4 --restart');
  const card = await setting.ana.until(/resize k8s-dev \(VM 5000\) on pve1 failed/);

  const line = '/vm resize k8s-dev --cpus 4 --memory 4096M';
  assert.ok(textOf(card).includes(`Next: /vm stop k8s-dev --force, then ${line}, then /vm start k8s-dev`));
  assert.deepEqual(stateOf(setting), asBefore);
});

test('a VM that does not start with its new size runs with the old one again', async () => {
  await using setting = await startWithVm();
  setting.lab.faults.push(failingStart);

  await setting.ana.type('/vm resize k8s-dev --cpus 4 --restart');
  const card = await setting.ana.until(/resize k8s-dev \(VM 5000\) on pve1 failed/);

  assert.match(textOf(card), /QEMU exited with code 1/);
  assert.match(textOf(card), /Taken back: gave k8s-dev its 2 CPUs and 4 GiB memory back, and saw that it runs\./);
  assert.deepEqual(stateOf(setting), asBefore);
});

test('a VM that does not start with its old size either is said to be off', async () => {
  await using setting = await startWithVm();
  setting.lab.faults.push({ ...failingStart, times: 2 });

  await setting.ana.type('/vm resize k8s-dev --cpus 4 --restart');
  await setting.ana.until(/could not be taken back: .*k8s-dev is off now, and does not start: .*QEMU exited/);

  assert.deepEqual(stateOf(setting), { ...asBefore, power: 'stopped' });
});

const failingStart: Fault = {
  method: 'POST',
  path: /status\/start$/,
  mode: 'task',
  exitstatus: 'start failed: QEMU exited with code 1',
};
