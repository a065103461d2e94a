import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '#lab/faults.ts';
import type { Lab } from '#lab/start.ts';
import { textOf } from '../console.ts';
import { leftOf, nothing, type Setting, startSetting, untilTrue } from '../setting.ts';

/** HA, or somebody, has moved the VM. */
function move({ state }: Lab, vmid: number, node: string): void {
  const guest = state.guests.find((one) => one.vmid === vmid);
  assert.ok(guest);
  guest.node = node;
}

/** Holds the run up just before a call, and moves its VM then. */
async function moveBefore({ lab }: Setting, call: Pick<Fault, 'method' | 'path'>): Promise<void> {
  const fault: Fault = { ...call, mode: 'slow', delayMs: 300 };
  lab.faults.push(fault);
  await untilTrue(() => !lab.faults.includes(fault));
  move(lab, 5000, 'pve2');
}

for (const [what, call] of [
  ['configured', { method: 'PUT', path: /\/qemu\/5000\/config$/ }],
  ['given its disk', { method: 'PUT', path: /\/qemu\/5000\/resize$/ }],
  ['started', { method: 'POST', path: /\/5000\/status\/start$/ }],
  ['asked for its agent', { method: 'POST', path: /\/5000\/agent\/ping$/ }],
  ['asked for its address', { method: 'GET', path: /\/5000\/agent\/network-get-interfaces$/ }],
] as const) {
  test(`a VM that is moved while it is ${what} becomes ready on its new node`, async () => {
    await using setting = await startSetting();
    await setting.ana.type('/vm create k8s-dev medium');

    await moveBefore(setting, call);
    const card = await setting.ana.until(/k8s-dev is ready/);

    assert.match(textOf(card), /VM: 5000 on pve2/);
    await setting.ana.until(/VM 5000 is on pve2 now, and no more on pve1\./);
  });
}

test('a VM that was moved while it is made, and is taken back, is removed where it is', async () => {
  await using setting = await startSetting();
  await setting.ana.type('/vm create k8s-dev medium');
  await moveBefore(setting, { method: 'POST', path: /\/5000\/agent\/ping$/ });

  setting.lab.faults.push({ method: 'POST', path: /agent\/ping$/, status: 401, reason: 'no ticket' });
  await setting.ana.until(/create k8s-dev on pve1 failed(?:.|\n)*Taken back: removed k8s-dev and its disks/);

  assert.deepEqual(await leftOf(setting), nothing);
});

test('another VM that has the number on another node by then is not taken for the moved one', async () => {
  await using setting = await startSetting();
  const { lab, ana } = setting;
  await ana.type('/vm create k8s-dev medium');
  const fault: Fault = { method: 'POST', path: /\/5000\/agent\/ping$/, mode: 'slow', delayMs: 300 };
  lab.faults.push(fault);
  await untilTrue(() => !lab.faults.includes(fault));
  const made = lab.state.guests.find(({ vmid }) => vmid === 5000);
  assert.ok(made);
  const other = { ...structuredClone(made), node: 'pve2', config: { name: 'theirs', memory: '512' } };
  lab.state.guests.splice(lab.state.guests.indexOf(made), 1, other);

  await ana.until(/create k8s-dev on pve1 failed/);

  assert.deepEqual(
    lab.state.guests.find(({ vmid }) => vmid === 5000),
    other,
  );
});

for (const verb of ['stop', 'reboot'] as const) {
  test(`a VM that moved between the plan and the ${verb} is found on its new node`, async () => {
    await using setting = await startSetting();
    const { ana } = setting;
    await ana.type('/vm create k8s-dev small');
    await ana.until(/k8s-dev is ready/);
    const path = verb === 'stop' ? /\/status\/shutdown$/ : /\/status\/reboot$/;

    await ana.type(`/vm ${verb} k8s-dev`);
    await moveBefore(setting, { method: 'POST', path });

    await ana.until(/VM 5000 is on pve2 now/);
    await ana.until(verb === 'stop' ? /k8s-dev \(VM 5000\) is stopped/ : /k8s-dev \(VM 5000\) is running/);
  });
}

test('a VM that is moved while its removal is planned is planned on its new node', async () => {
  await using setting = await startSetting();
  const { ana, ben } = setting;
  await ana.type('/vm create k8s-dev small');
  await ana.until(/k8s-dev is ready/);

  await ana.type('/vm destroy k8s-dev');
  await moveBefore(setting, { method: 'GET', path: /\/5000\/snapshot$/ });

  await ben.until(/Approve\? destroy k8s-dev \(VM 5000\) on pve2/);
});

test('a template that was moved after the plan is cloned where it is', async () => {
  await using setting = await startSetting();
  const fault: Fault = { method: 'POST', path: /\/9000\/clone$/, mode: 'slow', delayMs: 300 };
  setting.lab.faults.push(fault);
  await setting.ana.type('/vm create k8s-dev small');
  await untilTrue(() => !setting.lab.faults.includes(fault));
  move(setting.lab, 9000, 'pve2');

  await setting.ana.until(/k8s-dev is ready/);
});
