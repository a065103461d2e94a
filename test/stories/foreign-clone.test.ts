import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Lab } from '#lab/start.ts';
import { addTemplates } from '#lab/templates.ts';
import { writeMarker } from '#proxmox/marker.ts';
import { textOf } from '../console.ts';
import { startSetting } from '../setting.ts';
import { cloneInProxmox } from '../somebody.ts';

/** All that is known of a VM: its configuration, disks and power. */
function allOf({ state, engine }: Lab, vmid: number): string {
  const guest = state.guests.find((one) => one.vmid === vmid);
  return JSON.stringify([guest, state.volumes.filter((one) => one.vmid === vmid), engine.power(vmid)]);
}

test('a clone that somebody made of a VM of ours is theirs: shown with a word about it, and not destroyed', async () => {
  await using setting = await startSetting();
  const { lab, ana } = setting;
  await ana.type('/vm create k8s-dev small');
  await ana.until(/k8s-dev is ready/);
  await cloneInProxmox(lab, { source: 5000, vmid: 300, name: 'theirs' });
  const before = allOf(lab, 300);

  await ana.type('/vm show theirs');
  const shown = await ana.until(/theirs \(VM 300\)/);
  await ana.type('/vm destroy 300');
  await ana.until(/VM 300 \(theirs\) is left alone: it carries the marker of VM 5000/);

  assert.match(textOf(shown), /Made for: not made by Botswain: it carries the marker of VM 5000/);
  assert.doesNotMatch(textOf(shown), /Run: r-/);
  assert.equal(allOf(lab, 300), before);
});

test('a clone that somebody made of a VM of ours is not resized', async () => {
  await using setting = await startSetting();
  const { lab, ana } = setting;
  await ana.type('/vm create k8s-dev small');
  await ana.until(/k8s-dev is ready/);
  await cloneInProxmox(lab, { source: 5000, vmid: 300, name: 'theirs' });
  const before = allOf(lab, 300);

  await ana.type('/vm resize 300 large');
  await ana.until(/VM 300 \(theirs\) is left alone: it carries the marker of VM 5000/);

  assert.equal(allOf(lab, 300), before);
});

test('a clone inside our range of numbers is theirs too', async () => {
  await using setting = await startSetting();
  const { lab, ana } = setting;
  await ana.type('/vm create k8s-dev small');
  await ana.until(/k8s-dev is ready/);
  await cloneInProxmox(lab, { source: 5000, vmid: 5001, name: 'k8s-dev' });
  const before = allOf(lab, 5001);

  await ana.type('/vm destroy 5001');
  await ana.until(/VM 5001 \(k8s-dev\) is left alone: it carries the marker of VM 5000/);

  assert.equal(allOf(lab, 5001), before);
});

test('a backup of ours that was restored under another number keeps the SMBIOS UUID, and is theirs', async () => {
  await using setting = await startSetting();
  const { lab, ana } = setting;
  await ana.type('/vm create k8s-dev small');
  await ana.until(/k8s-dev is ready/);
  const made = lab.state.guests.find(({ vmid }) => vmid === 5000);
  assert.ok(made);
  lab.state.guests.push({ ...structuredClone(made), vmid: 301, config: { ...made.config, name: 'restored' } });

  await ana.type('/vm destroy restored');
  await ana.until(/VM 301 \(restored\) is left alone: it carries the marker of VM 5000/);
});

test('a clone of a template of ours is no template of ours', async () => {
  await using setting = await startSetting();
  const { lab, ana } = setting;
  await cloneInProxmox(lab, { source: 9000, vmid: 300, name: 'lab-debian' });
  const clone = lab.state.guests.find(({ vmid }) => vmid === 300);
  assert.ok(clone);
  clone.config.template = '1';

  await ana.type('/template list');
  const card = await ana.until(/lab-debian/);

  assert.match(textOf(card), /9000/);
  assert.doesNotMatch(textOf(card), /300/);
});

test('a VM of ours that somebody made a template is no template of ours: nobody gets its data', async () => {
  await using setting = await startSetting({ templates: [] });
  const { lab, ana } = setting;
  const description = writeMarker('', { run: 'r-old', owner: 'ana', vmid: 5000, template: 'lab-debian' });
  const config = { description, template: '1' };
  await addTemplates(lab.cluster, [{ vmid: 5000, name: 'lab-debian', storage: 'nas', config }]);

  await ana.type('/template list');
  const list = await ana.until(/Templates/);
  await ana.type('/vm create web-1 small');
  await ana.until(/There is no template lab-debian in lab yet/);

  assert.match(textOf(list), /not built/);
});

test('a VM of an older version, whose marker names no VM, is still ours; one of the same name makes it unproven', async () => {
  await using setting = await startSetting();
  const { lab, ana, ben } = setting;
  await ana.type('/vm create k8s-dev small');
  await ana.until(/k8s-dev is ready/);
  const made = lab.state.guests.find(({ vmid }) => vmid === 5000);
  assert.ok(made);
  made.config.description = 'k8s-dev, made by Botswain for ana\n\n<!-- botswain {"run":"r-old","owner":"ana"} -->';
  const twin = { ...made.config, smbios1: `uuid=${randomUUID()}` };
  lab.state.guests.push({ ...structuredClone(made), vmid: 5005, config: twin });

  await ana.type('/vm destroy 5005');
  await ana.until(
    /VM 5005 \(k8s-dev\) is left alone: its marker is one of an older version, and VM 5000 has the same name/,
  );
  lab.state.guests.pop();
  await ana.type('/vm destroy 5000');
  await ben.until(/Approve\? destroy k8s-dev/);
  await ben.press('Approve');

  await ana.until(/k8s-dev \(VM 5000\) is gone from pve1/);
});
