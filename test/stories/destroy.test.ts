import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { writeMarker } from '#proxmox/marker.ts';
import { textOf } from '../console.ts';
import { callsOf, leftOf, machinesOf, nothing, type Setting, startSetting, untilTrue } from '../setting.ts';

/** A setting with a VM of Ana's, and her wish to destroy it on the table. */
async function startAsking(): Promise<Setting> {
  const setting = await startSetting();
  await setting.ana.type('/vm create k8s-dev medium');
  await setting.ana.until(/k8s-dev is ready/);
  await setting.ana.type('/vm destroy k8s-dev');
  await Promise.all([setting.ana, setting.ben].map((person) => person.until(/Approve\? destroy k8s-dev/)));
  return setting;
}

/** The entries of the audit that say how the question was decided. */
async function decisions({ redis, config }: Setting): Promise<number> {
  const entries = await redis.xrange(`{${config.redis.prefix}}:audit`, '-', '+');
  return entries.filter(([, fields]) => fields.includes('approved') || fields.includes('rejected')).length;
}

test('what is to be destroyed is shown before anybody decides', async () => {
  await using setting = await startAsking();

  const card = await setting.ben.until(/Approve\? destroy k8s-dev/);

  assert.match(textOf(card), /@Ana asks for this\. One person other than Ana must approve\./);
  assert.match(textOf(card), /Made for: ana\nGoes: (.*)\nNow: running/);
  assert.match(textOf(card), /Its disks are gone for good\./);
  assert.equal(machinesOf(setting.lab).length, 1);
});

test('the one who asks cannot approve', async () => {
  await using setting = await startAsking();

  await setting.ana.press('Approve');
  await setting.ana.until(/You asked for this yourself, so somebody else must approve it\./);

  assert.equal(await decisions(setting), 0);
  assert.equal(machinesOf(setting.lab).length, 1);
});

test('a second person’s approval removes the VM with its disks', async () => {
  await using setting = await startAsking();

  await setting.ben.press('Approve');
  await setting.ana.until(/k8s-dev \(VM 5000\) is gone from pve1/);

  assert.deepEqual(await leftOf(setting), nothing);
});

test('a rejection leaves the VM alone', async () => {
  await using setting = await startAsking();

  await setting.ben.press('Reject');
  await setting.ben.fill({ why: 'It is still used.' });
  const card = await setting.ana.until(/destroy k8s-dev \(VM 5000\) on pve1 was rejected/);

  assert.match(textOf(card), /Ben said no\./);
  assert.match(textOf(card), /Rejected.*: It is still used\./);
  assert.equal(machinesOf(setting.lab)[0]?.power, 'running');
});

test('one press that is delivered five times decides once', async () => {
  await using setting = await startAsking();
  const id = randomUUID();

  await Promise.all(Array.from({ length: 5 }, () => setting.ben.press('Approve', id)));
  await setting.ana.until(/k8s-dev \(VM 5000\) is gone/);

  assert.equal(await decisions(setting), 1);
  assert.equal(callsOf(setting.lab, /^DELETE .*\/qemu\/\{vmid\}$/), 1);
  assert.doesNotMatch(setting.ben.transcript(), /decided already/);
});

test('C-approve: of twenty presses at once, for and against, one decides', async () => {
  await using setting = await startAsking();

  const labels = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 'Approve' : 'Reject'));
  const answers = await Promise.all(labels.map((label) => setting.ben.press(label)));
  await setting.ana.until(/is gone|was rejected/);

  assert.equal(await decisions(setting), 1);
  // Taken, or the button was gone already when the press came.
  assert.deepEqual(new Set(answers.map(({ status }) => status)).difference(new Set([202, 409])), new Set());
});

test('a VM that Botswain did not make is refused and left as it is', async () => {
  await using setting = await startSetting();
  setting.lab.state.guests.push(foreignVm(setting, 777));
  const before = structuredClone(setting.lab.machines.get(777));

  await setting.ana.type('/vm destroy theirs');
  await setting.ana.until(/VM 777 \(theirs\) was not made by Botswain, so it is left alone\./);
  await setting.ana.type('/vm resize 777 large');
  await setting.ana.until(/VM 777 \(theirs\) was not made by Botswain/);

  assert.deepEqual(setting.lab.machines.get(777), before);
});

test('when another VM has the number by the time of the approval, people are asked anew', async () => {
  await using setting = await startAsking();
  replace(setting, 5000);

  await setting.ben.press('Approve');
  await setting.ben.until(/The plan changed since it was approved\./);

  assert.equal(setting.lab.machines.get(5000)?.power, 'running');
});

test('a VM that takes the number after the approval is not touched', async () => {
  await using setting = await startAsking();
  setting.lab.faults.push({ method: 'POST', path: /status\/stop$/, mode: 'slow', delayMs: 100 });

  await setting.ben.press('Approve');
  await setting.ben.until(/\[running\] Stop k8s-dev/);
  replace(setting, 5000);
  const card = await setting.ana.until(/destroy k8s-dev \(VM 5000\) on pve1 failed/);

  assert.match(textOf(card), /VM 5000 on pve1 \(k8s-dev\) is left alone: its SMBIOS UUID is another one/);
  assert.match(textOf(card), /\[done\] Stop k8s-dev\n\[failed\] Remove k8s-dev and its disks/);
  assert.equal(callsOf(setting.lab, /^DELETE .*\/qemu\/\{vmid\}$/), 0);
});

test('a removal that misses something else than the VM has failed', async () => {
  await using setting = await startAsking();
  const exitstatus = "storage 'old' does not exist";
  setting.lab.faults.push({ method: 'DELETE', path: /\/qemu\/\d+$/, mode: 'task', exitstatus });

  await setting.ben.press('Approve');
  const card = await setting.ana.until(/destroy k8s-dev \(VM 5000\) on pve1 failed/);

  assert.match(textOf(card), /\[failed\] Remove k8s-dev and its disks/);
  assert.match(textOf(card), /storage 'old' does not exist/);
  assert.equal(machinesOf(setting.lab).length, 1);
});

test('a VM that has moved to another node is not taken for gone, and removed there', async () => {
  await using setting = await startAsking();
  const { faults, state } = setting.lab;
  faults.push({ method: 'DELETE', path: /\/qemu\/\d+$/, status: 596, delayMs: 100 });

  await setting.ben.press('Approve');
  await untilTrue(() => faults.length === 0);
  for (const guest of state.guests) if (guest.vmid === 5000) guest.node = 'pve2';
  await setting.ana.until(/k8s-dev \(VM 5000\) is gone from pve1/);

  await setting.ana.until(/VM 5000 is on pve2 now, and no more on pve1\./);
  assert.deepEqual(await leftOf(setting), nothing);
});

test('a VM without an SMBIOS UUID whose removal got no answer is removed all the same', async () => {
  await using setting = await startSetting();
  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/k8s-dev is ready/);
  const guest = setting.lab.state.guests.find(({ vmid }) => vmid === 5000);
  assert.ok(guest);
  delete guest.config.smbios1;
  guest.config.description = writeMarker('', { run: 'r-other', owner: 'ana', vmid: 5000 });
  setting.lab.faults.push({ method: 'DELETE', path: /\/qemu\/\d+$/, status: 596 });

  await setting.ana.type('/vm destroy k8s-dev');
  await setting.ben.until(/Approve\? destroy k8s-dev/);
  await setting.ben.press('Approve');
  await setting.ana.until(/k8s-dev \(VM 5000\) is gone from pve1/);

  assert.deepEqual(await leftOf(setting), nothing);
});

test('a VM that the token may not see any more is not said to be gone', async () => {
  await using setting = await startAsking();
  const { lab } = setting;
  // As after somebody has taken it out of the pool on which the token has its rights.
  const hidden = { path: /\/qemu\/5000(\/|$)/, status: 403, reason: 'Permission check failed (/vms/5000, VM.Audit)' };
  lab.faults.push({ method: 'DELETE', path: /\/qemu\/5000$/, status: 596, delayMs: 100 });

  await setting.ben.press('Approve');
  await untilTrue(() => lab.faults.length === 0);
  lab.faults.push({ ...hidden, times: 99 });
  await setting.ana.until(/destroy k8s-dev \(VM 5000\) on pve1 failed/);

  assert.equal(machinesOf(lab).length, 1);
});

test('an approval that comes when the VM is gone closes the question', async () => {
  await using setting = await startAsking();
  const { guests } = setting.lab.state;
  guests.splice(
    guests.findIndex(({ vmid }) => vmid === 5000),
    1,
  );

  await setting.ben.press('Approve');
  await setting.ben.until(/destroy k8s-dev \(VM 5000\) on pve1 was refused\nThere is no VM "k8s-dev"\./);

  assert.doesNotMatch(setting.ben.transcript(), /<Approve>/);
});

test('a protected VM says how to take its protection away', async () => {
  await using setting = await startSetting();
  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/k8s-dev is ready/);
  const guest = setting.lab.state.guests.find(({ vmid }) => vmid === 5000);
  assert.ok(guest);
  guest.config.protection = '1';

  await setting.ana.type('/vm destroy k8s-dev');

  await setting.ana.until(/k8s-dev \(VM 5000\) is protected against removal\.\n.*Options → Protection/);
});

/** Another VM has this number now. */
function replace({ lab }: Setting, vmid: number): void {
  const guest = lab.state.guests.find((one) => one.vmid === vmid);
  assert.ok(guest);
  const uuid = randomUUID();
  guest.config.smbios1 = `uuid=${uuid}`;
  guest.config.description = writeMarker('', { run: 'r-other', owner: 'ben', vmid, uuid });
}

/** A VM that somebody made in Proxmox itself. */
function foreignVm({ lab }: Setting, vmid: number) {
  const [template] = lab.state.guests;
  assert(template);
  const config = { name: 'theirs', cores: '1', memory: '512', smbios1: `uuid=${randomUUID()}`, description: 'mine' };
  return { ...structuredClone(template), vmid, node: 'pve1', config };
}
