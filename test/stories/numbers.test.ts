import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../console.ts';
import { callsOf, leftOf, machinesOf, nothing, type Setting, startSetting, untilTrue } from '../setting.ts';

const addContainer = ({ lab }: Setting, vmid: number) =>
  lab.state.containers.push({ vmid, node: 'pve2', name: 'proxy' });

/** The bot's token sees nothing of this number, as when it may only look into a pool. */
const hide = ({ lab }: Setting, vmid: number) =>
  lab.state.acl.push({ path: `/vms/${vmid}`, ugid: 'botswain@pve', roleid: 'NoAccess', propagate: true });

test('numbers of containers, and of what the token may not see, are not given to new VMs', async () => {
  await using setting = await startSetting();
  for (const vmid of [5000, 5001]) addContainer(setting, vmid);
  hide(setting, 5001);

  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/k8s-dev is ready/);

  assert.deepEqual(
    machinesOf(setting.lab).map(({ vmid }) => vmid),
    [5002],
  );
  assert.equal(callsOf(setting.lab, /POST .*clone/), 1);
});

test('a template is built beside a container in the range', async () => {
  await using setting = await startSetting({ templates: [] });
  addContainer(setting, 5000);

  await setting.ana.type('/template build lab-debian');
  const card = await setting.ana.until(/Template lab-debian is ready|build template lab-debian on pve1 failed/);

  assert.match(textOf(card), /pve1: VM 5001, 2 GiB/);
});

for (const [what, dry, sees, sentence] of [
  ['a container has', '', true, /VMID 200 is taken by container proxy on pve2\./],
  ['a container has, in a dry run too,', ' --dry-run', true, /VMID 200 is taken by container proxy on pve2\./],
  ['is hidden from the token', '', false, /VMID 200 is taken by something that Botswain’s token may not see\./],
] as const) {
  test(`a number asked for that ${what} is refused while it is planned`, async () => {
    await using setting = await startSetting();
    addContainer(setting, 200);
    if (!sees) hide(setting, 200);

    await setting.ana.type(`/vm create k8s-dev small --vmid 200${dry}`);
    const card = await setting.ana.until(sentence);

    assert.match(textOf(card), /Leave --vmid out to take the next free one\./);
    assert.deepEqual(await leftOf(setting), nothing);
    assert.equal(callsOf(setting.lab, /POST .*clone/), 0);
  });
}

test('a container that takes the number between plan and clone is left alone, and the next one is used', async () => {
  await using setting = await startSetting();
  setting.lab.faults.push({ method: 'POST', path: /clone$/, mode: 'slow', delayMs: 300 });

  await setting.ana.type('/vm create k8s-dev small');
  await untilTrue(() => setting.lab.faults.length === 0);
  addContainer(setting, 5000);
  await setting.ana.until(/k8s-dev is ready/);

  await setting.ana.until(/VMID 5000 was taken by somebody else in the meantime; using 5001\./);
  assert.deepEqual(
    machinesOf(setting.lab).map(({ vmid }) => vmid),
    [5001],
  );
});
