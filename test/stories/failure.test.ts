import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '#lab/faults.ts';
import { textOf } from '../console.ts';
import { callsOf, leftOf, machinesOf, nothing, startSetting, type Written } from '../setting.ts';

/** Nobody waits five minutes for an agent in a test. */
const impatient = (written: Written): Written => ({
  ...written,
  create: { ...written.create, ready: { agent: '300ms', address: '300ms', ssh: '300ms' } } as Written['create'],
});

const removed = /Taken back: removed k8s-dev and its disks\. Nothing else is left\./;

const failures: readonly (readonly [string, Fault, RegExp, RegExp])[] = [
  [
    'clone',
    { method: 'POST', path: /clone$/ },
    /Clone lab-debian to k8s-dev .*: Proxmox lab said: .*fault injected/,
    /Nothing was made\./,
  ],
  ['configuration', { method: 'PUT', path: /config$/ }, /Set 2 CPUs.*: Proxmox lab said: .*fault injected/, removed],
  [
    'growing disk',
    { method: 'PUT', path: /resize$/ },
    /Grow scsi0 to 40 GiB: Proxmox lab said: .*fault injected/,
    removed,
  ],
  ['start', { method: 'POST', path: /status\/start$/ }, /Start k8s-dev: Proxmox lab said: .*fault injected/, removed],
];

for (const [what, fault, sentence, end] of failures) {
  test(`a failing ${what} takes everything back, and says who failed`, async () => {
    await using setting = await startSetting();
    setting.lab.faults.push({ ...fault, status: 500, times: 99 });

    await setting.ana.type('/vm create k8s-dev medium');
    const card = await setting.ana.until(/create k8s-dev on pve1 failed/);

    assert.match(textOf(card), sentence);
    assert.match(textOf(card), end);
    assert.deepEqual(await leftOf(setting), nothing);
  });
}

test('a start whose task fails is as bad as one that is refused', async () => {
  await using setting = await startSetting();
  setting.lab.faults.push({
    method: 'POST',
    path: /start$/,
    mode: 'task',
    exitstatus: 'start failed: QEMU exited with code 1',
  });

  await setting.ana.type('/vm create k8s-dev medium');
  const card = await setting.ana.until(/create k8s-dev on pve1 failed/);

  assert.match(textOf(card), /Start k8s-dev: Proxmox lab said: .*QEMU exited with code 1/);
  assert.deepEqual(await leftOf(setting), nothing);
});

test('a guest agent that never answers is waited for as long as configured, and then everything is taken back', async () => {
  await using setting = await startSetting({ change: impatient });
  setting.lab.faults.push({
    path: /agent\/ping$/,
    status: 500,
    reason: 'QEMU guest agent is not running',
    times: 9999,
  });

  await setting.ana.type('/vm create k8s-dev medium');
  const card = await setting.ana.until(/create k8s-dev on pve1 failed/);

  assert.match(textOf(card), /After 0\.3 s, the guest agent of k8s-dev \(VM 5000\) did not answer\./);
  assert.match(textOf(card), /Next: Try once more with --keep and look at its console in Proxmox\./);
  assert.deepEqual(await leftOf(setting), nothing);
});

test('with --keep the VM stays for a look, and Retry from here finishes it', async () => {
  await using setting = await startSetting();
  setting.lab.faults.push({ method: 'POST', path: /status\/start$/, status: 500 });
  await setting.ana.type('/vm create k8s-dev medium --keep');
  await setting.ana.until(/create k8s-dev on pve1 stopped half-way/);
  const kept = machinesOf(setting.lab).map(({ name, power }) => [name, power]);

  await setting.ana.press('Retry from here');
  await setting.ana.until(/k8s-dev is ready/);

  assert.deepEqual(kept, [['k8s-dev', 'stopped']]);
  assert.equal(callsOf(setting.lab, /^POST .*\/clone$/), 1);
  assert.deepEqual((await leftOf(setting)).claims, []);
});

test('what was kept is removed by Roll back', async () => {
  await using setting = await startSetting();
  setting.lab.faults.push({ method: 'POST', path: /status\/start$/, status: 500 });
  await setting.ana.type('/vm create k8s-dev medium --keep');
  await setting.ana.until(/create k8s-dev on pve1 stopped half-way/);

  await setting.ana.press('Roll back');
  const card = await setting.ana.until(/create k8s-dev on pve1 failed/);

  assert.match(textOf(card), /Taken back: removed k8s-dev and its disks/);
  assert.deepEqual(await leftOf(setting), nothing);
});

test('Cancel in the middle takes back what was made', async () => {
  await using setting = await startSetting();
  setting.lab.faults.push({ path: /agent\/ping$/, mode: 'hold', times: 99 });
  await setting.ana.type('/vm create k8s-dev medium');
  await setting.ana.until(/\[running\] Wait for the guest agent/);

  await setting.ben.press('Cancel');
  const card = await setting.ana.until(/create k8s-dev on pve1 was cancelled/);

  assert.match(textOf(card), /Ben cancelled it\./);
  assert.deepEqual(await leftOf(setting), nothing);
});

test('a VM that comes up while it is being taken back is stopped, and removed all the same', async () => {
  await using setting = await startSetting();
  const late = {
    method: 'DELETE',
    path: /\/qemu\/\d+$/,
    mode: 'task',
    exitstatus: 'VM 5000 is running - destroy failed',
  };
  setting.lab.faults.push({ path: /agent\/ping$/, mode: 'hold', times: 99 }, { ...late, mode: 'task' });
  await setting.ana.type('/vm create k8s-dev medium');
  await setting.ana.until(/\[running\] Wait for the guest agent/);

  await setting.ana.press('Cancel');
  await setting.ana.until(/create k8s-dev on pve1 was cancelled/);

  assert.equal(callsOf(setting.lab, /^DELETE .*\/qemu\/\{vmid\}$/), 2);
  assert.deepEqual(await leftOf(setting), nothing);
});

test('a VM that could not be removed for want of something else is not said to be', async () => {
  await using setting = await startSetting();
  const exitstatus = "hostname lookup 'old' failed - failed to get address info for: old: Name or service not known";
  setting.lab.faults.push(
    { method: 'POST', path: /status\/start$/, status: 500 },
    { method: 'DELETE', path: /\/qemu\/\d+$/, mode: 'task', exitstatus },
  );

  await setting.ana.type('/vm create k8s-dev medium');
  const card = await setting.ana.until(/could not be taken back: Proxmox lab: .*there is no node old/);

  assert.doesNotMatch(textOf(card), /Taken back/);
  assert.equal(machinesOf(setting.lab).length, 1);
});

test('/job retry makes the VM once the trouble is over', async () => {
  await using setting = await startSetting();
  setting.lab.faults.push({ method: 'POST', path: /status\/start$/, status: 500 });
  await setting.ana.type('/vm create k8s-dev medium');
  const failed = await setting.ana.until(/create k8s-dev on pve1 failed/);
  const run = /Run (r-\w+)/.exec(textOf(failed))?.[1];

  await setting.ana.type(`/job retry ${run}`);
  const card = await setting.ana.until(/k8s-dev is ready/);

  assert.match(textOf(card), new RegExp(`Run ${run}`));
  assert.equal(machinesOf(setting.lab).length, 1);
});

test('trouble that passes is sat out: the thread says so, and the VM is made', async () => {
  await using setting = await startSetting();
  setting.lab.faults.push({ method: 'POST', path: /status\/start$/, status: 595 });

  await setting.ana.type('/vm create k8s-dev medium');
  await setting.ana.until(/k8s-dev is ready/);

  await setting.ana.until(/Proxmox lab: .*Trying again in/);
  assert.equal(machinesOf(setting.lab)[0]?.power, 'running');
});

test('a clone whose answer is lost is not made twice', async () => {
  await using setting = await startSetting();
  setting.lab.faults.push({ method: 'POST', path: /clone$/, mode: 'drop-after' });

  await setting.ana.type('/vm create k8s-dev medium');
  await setting.ana.until(/k8s-dev is ready/);

  assert.deepEqual(
    machinesOf(setting.lab).map(({ vmid, name }) => [vmid, name]),
    [[5000, 'k8s-dev']],
  );
  assert.equal(callsOf(setting.lab, /^POST .*\/clone$/), 1);
});
