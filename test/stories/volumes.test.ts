import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Guest, VolumeRecord } from '#lab/state.ts';
import { textOf } from '../console.ts';
import { type Setting, startSetting } from '../setting.ts';

/** A setting with a VM of Ana's, number 5000. */
async function startWithVm(): Promise<{ setting: Setting; guest: Guest } & AsyncDisposable> {
  const setting = await startSetting();
  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/k8s-dev is ready/);
  const guest = setting.lab.state.guests.find(({ vmid }) => vmid === 5000);
  assert.ok(guest);
  return { setting, guest, [Symbol.asyncDispose]: () => setting[Symbol.asyncDispose]() };
}

/** One more volume on a storage, as if Proxmox had made it. */
function addVolume({ lab }: Setting, volid: string, vmid: number): void {
  const like = lab.state.volumes.find((volume) => volume.vmid === 5000);
  assert.ok(like);
  const volume: VolumeRecord = { ...like, volid, storage: volid.split(':')[0] ?? '', vmid, parent: undefined };
  lab.state.volumes.push(volume);
}

const volids = ({ lab }: Setting) => lab.state.volumes.map(({ volid }) => volid);

test('the plan of a destroy lists each volume that goes, and those go', async () => {
  await using made = await startWithVm();
  const { setting, guest } = made;
  const more = ['unused', 'efi', 'tpm', 'state-before'].map((name) => `nas:5000/vm-5000-${name}.raw`);
  for (const volid of more) addVolume(setting, volid, 5000);
  const [unused = '', efi = '', tpm = '', state = ''] = more;
  guest.config.unused0 = unused;
  guest.config.efidisk0 = `${efi},efitype=4m,size=528K`;
  guest.config.tpmstate0 = `${tpm},size=4M,version=v2.0`;
  const config = { ...guest.config, vmstate: state };
  guest.snapshots.push({ name: 'before', description: '', snaptime: 1, vmstate: true, config });

  await setting.ana.type('/vm destroy k8s-dev');
  const card = textOf(await setting.ben.until(/Approve\? destroy k8s-dev/));
  await setting.ben.press('Approve');
  await setting.ana.until(/k8s-dev \(VM 5000\) is gone/);

  assert.match(card, /Goes: .*scsi0: nas:5000\/vm-5000-disk-0\.qcow2, 20G/);
  for (const where of ['ide2 (cloud-init)', 'unused0', 'efidisk0', 'tpmstate0', 'state of snapshot before'])
    assert.ok(card.includes(`${where}: nas:5000/`), `${where} is not in ${card}`);
  assert.doesNotMatch(card, /Stays:/);
  assert.deepEqual(
    volids(setting).filter((volid) => volid.includes('5000')),
    [],
  );
});

test('volumes that bear its number and that it does not name stay, and the plan says so', async () => {
  await using made = await startWithVm();
  const { setting } = made;
  const theirs = 'nas:5000/vm-5000-disk-7.qcow2';
  addVolume(setting, theirs, 5000);

  await setting.ana.type('/vm destroy k8s-dev');
  const card = await setting.ben.until(/Approve\? destroy k8s-dev/);
  await setting.ben.press('Approve');
  await setting.ana.until(/k8s-dev \(VM 5000\) is gone/);

  assert.match(textOf(card), /Stays: nas:5000\/vm-5000-disk-7\.qcow2/);
  assert.deepEqual(
    volids(setting).filter((volid) => volid.includes('5000')),
    [theirs],
  );
});

test('a volume of another VM that hangs on it stays', async () => {
  await using made = await startWithVm();
  const { setting, guest } = made;
  addVolume(setting, 'nas:301/vm-301-disk-0.qcow2', 301);
  guest.config.scsi1 = 'nas:301/vm-301-disk-0.qcow2,size=2G';

  await setting.ana.type('/vm destroy k8s-dev');
  const card = await setting.ben.until(/Approve\? destroy k8s-dev/);
  await setting.ben.press('Approve');
  await setting.ana.until(/k8s-dev \(VM 5000\) is gone/);

  assert.match(textOf(card), /Stays: nas:301\/vm-301-disk-0\.qcow2 \(scsi1\)/);
  assert.ok(volids(setting).includes('nas:301/vm-301-disk-0.qcow2'));
});

test('a volume that comes before the approval is put to people anew', async () => {
  await using made = await startWithVm();
  const { setting, guest } = made;
  await setting.ana.type('/vm destroy k8s-dev');
  await setting.ben.until(/Approve\? destroy k8s-dev/);
  addVolume(setting, 'nas:5000/vm-5000-disk-8.qcow2', 5000);
  guest.config.unused0 = 'nas:5000/vm-5000-disk-8.qcow2';

  await setting.ben.press('Approve');
  await setting.ben.until(/The plan changed since it was approved\./);

  assert.equal(setting.lab.machines.get(5000)?.power, 'running');
});

test('a volume that comes after the approval keeps the VM from being removed', async () => {
  await using made = await startWithVm();
  const { setting, guest } = made;
  setting.lab.faults.push({ method: 'POST', path: /status\/stop$/, mode: 'slow', delayMs: 200 });
  await setting.ana.type('/vm destroy k8s-dev');
  await setting.ben.until(/Approve\? destroy k8s-dev/);
  await setting.ben.press('Approve');
  await setting.ben.until(/\[running\] Stop k8s-dev/);
  addVolume(setting, 'nas:5000/vm-5000-disk-8.qcow2', 5000);
  guest.config.unused0 = 'nas:5000/vm-5000-disk-8.qcow2';

  const card = await setting.ana.until(/destroy k8s-dev \(VM 5000\) on pve1 failed/);

  assert.match(textOf(card), /nas:5000\/vm-5000-disk-8\.qcow2 \(unused0\) has come to it since people were asked/);
  assert.ok(volids(setting).includes('nas:5000/vm-5000-disk-8.qcow2'));
});

test('a volume that somebody attached to a VM that was kept for a look is not rolled back with it', async () => {
  await using setting = await startSetting();
  const { lab, ana } = setting;
  lab.faults.push({ method: 'POST', path: /status\/start$/, status: 500 });
  await ana.type('/vm create k8s-dev medium --keep');
  await ana.until(/create k8s-dev on pve1 stopped half-way/);
  const guest = lab.state.guests.find(({ vmid }) => vmid === 5000);
  assert.ok(guest);
  addVolume(setting, 'nas:5000/vm-5000-disk-8.qcow2', 5000);
  guest.config.scsi1 = 'nas:5000/vm-5000-disk-8.qcow2,size=20G';

  await ana.press('Roll back');
  const card = await ana.until(/create k8s-dev on pve1 needs a person/);

  assert.match(textOf(card), /nas:5000\/vm-5000-disk-8\.qcow2 \(scsi1\) has come to it since it was made/);
  assert.ok(volids(setting).includes('nas:5000/vm-5000-disk-8.qcow2'));
  assert.ok(lab.state.guests.includes(guest));
});
