import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '#lab/start.ts';
import { openAddressIndex } from '#proxmox/claims/address-index.ts';
import { textOf } from '../console.ts';
import { leftOf, machinesOf, nothing, type Setting, startSetting, type Written } from '../setting.ts';

const nodes = ['pve1', 'pve2', 'pve3'];

/** A cluster on each of whose nodes the template stands, on storage of its own. */
const threeNodes = {
  lab: { nodes },
  templates: nodes.map((node) => ({ node, storage: 'fast' })),
  change: (written: Written, _lab: Lab): Written => ({
    ...written,
    clusters: written.clusters.map((one) => ({ ...one, nodeTimeout: '700ms' })),
  }),
};

/** A storage of this node hangs: whoever asks the node for it waits without end; and for anything unless told. */
function hang({ lab }: Setting, node: string, what = ''): void {
  lab.faults.push({ method: 'GET', path: new RegExp(`^/nodes/${node}/${what}`), mode: 'hold', times: 1e6 });
}

const indexOf = ({ redis, config }: Setting) =>
  openAddressIndex(redis, { prefix: `{${config.redis.prefix}}`, cluster: 'lab' });

test('a node that hangs stops no create: it goes on elsewhere, and says so', async () => {
  await using setting = await startSetting(threeNodes);
  hang(setting, 'pve1');

  await setting.ana.type('/vm create k8s-dev small');
  const card = await setting.ana.until(/k8s-dev is ready/);

  assert.equal(machinesOf(setting.lab)[0]?.node, 'pve2');
  assert.match(textOf(card), /pve1 did not answer in time and was left out\./);
});

test('a node that hangs is no reason to refuse `--node` of another, and is named where it is asked for', async () => {
  await using setting = await startSetting(threeNodes);
  hang(setting, 'pve1');

  await setting.ana.type('/vm create one small --node pve3');
  await setting.ana.until(/one is ready/);
  await setting.ana.type('/vm create two small --node pve1');
  const refused = await setting.ana.until(
    /two small --node pve1.*(refused|failed)|pve1 does not answer|pve1 did not answer/,
  );

  assert.match(textOf(refused), /pve1 (does|did) not answer/);
  assert.deepEqual(
    machinesOf(setting.lab).map(({ name, node }) => [name, node]),
    [['one', 'pve3']],
  );
});

test('lists and the doctor name a node that hangs, and tell of the others', async () => {
  await using setting = await startSetting(threeNodes);
  await setting.ana.type('/vm create k8s-dev small --node pve1');
  await setting.ana.until(/k8s-dev is ready/);
  hang(setting, 'pve1');

  await setting.ana.type('/node list');
  await setting.ana.until(/pve1 \| does not answer[\s\S]*pve2 \| online/);
  await setting.ana.type('/vm list');
  await setting.ana.until(/k8s-dev \| 5000 \| pve1 \| unknown[\s\S]*⚠ pve1 did not answer in time/);
  await setting.ana.type('/template list');
  await setting.ana.until(/9001 on pve2, 9002 on pve3[\s\S]*⚠ pve1 did not answer in time/);
  await setting.ana.type('/bot doctor');
  const doctor = await setting.ana.until(/pve1 did not answer within 700ms/);

  assert.match(textOf(doctor), /nas takes images on pve2, pve3(, shared by all)?\./);
});

test('a create whose only template is on a node that hangs says that, and leaves nothing', async () => {
  await using setting = await startSetting({ ...threeNodes, templates: [{ node: 'pve1', storage: 'nas' }] });
  hang(setting, 'pve1');

  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(
    /There is no template lab-debian in lab that can be used now: pve1 did not answer within 700ms\./,
  );

  assert.deepEqual(await leftOf(setting), nothing);
});

test('beside a node that hangs VMs of others are stopped, started, resized, rebooted, shown and destroyed', async () => {
  await using setting = await startSetting(threeNodes);
  const { ana, ben } = setting;
  await ana.type('/vm create near small --node pve2');
  await ana.until(/near is ready/);
  await ana.type('/vm create far small --node pve1');
  await ana.until(/far is ready/);
  hang(setting, 'pve1');

  await ana.type('/vm stop near');
  await ana.until(/near \(VM 5000\) is stopped/);
  await ana.type('/vm resize near --cpus 2');
  await ana.until(/near has 2 CPUs/);
  await ana.type('/vm start near');
  await ana.until(/near \(VM 5000\) is running/);
  await ana.type('/vm reboot near --force');
  await ana.until(/near \(VM 5000\) is running[\s\S]*\/vm reboot near/);
  await ana.type('/vm show near');
  await ana.until(/near[\s\S]*Made for/);
  await ana.type('/vm destroy near');
  await ben.until(/destroy near/);
  await ben.press('Approve');
  await ana.until(/near \(VM 5000\) is gone from pve2/);
});

test('a static address is given although a node with VMs that nobody has read yet hangs', async () => {
  await using setting = await startSetting(threeNodes);
  await setting.ana.type('/vm create far small --node pve1');
  await setting.ana.until(/far is ready/);
  await indexOf(setting).forget([5000]);
  hang(setting, 'pve1');

  await setting.ana.type('/vm create near small --network static --ip 10.77.0.60/24 --gateway 10.77.0.1 --node pve2');
  const card = await setting.ana.until(/near is ready/);

  assert.match(textOf(card), /10\.77\.0\.60/);
});

test('a VM whose own node hangs is named within seconds, and nothing is done to it', async () => {
  await using setting = await startSetting(threeNodes);
  await setting.ana.type('/vm create far small --node pve1');
  await setting.ana.until(/far is ready/);
  hang(setting, 'pve1');

  await setting.ana.type('/vm show far');
  await setting.ana.until(/pve1 did not answer within 700ms/);
});

test('a VM on a node whose storages alone hang is destroyed, and the plan says what nobody could look at', async () => {
  await using setting = await startSetting(threeNodes);
  await setting.ana.type('/vm create far small --node pve1');
  await setting.ana.until(/far is ready/);
  hang(setting, 'pve1', 'storage');

  await setting.ana.type('/vm destroy far');
  await setting.ben.until(/every storage of pve1 did not answer: what is there stays\./);
  await setting.ben.press('Approve');
  await setting.ana.until(/far \(VM 5000\) is gone from pve1/);

  assert.deepEqual(await leftOf(setting), nothing);
});

test('a lease that a VM had whose node hangs now keeps no create from ending', async () => {
  await using setting = await startSetting(threeNodes);
  await setting.ana.type('/vm create far small --node pve1');
  await setting.ana.until(/far is ready/);
  // The address that the lab's DHCP gives next.
  const was = { vmid: 5000, name: 'far', node: 'pve1', address: '10.77.0.101', mac: 'BC:24:11:00:00:01' };
  await indexOf(setting).putReached(was);
  hang(setting, 'pve1');

  await setting.ana.type('/vm create near small --node pve2');
  await setting.ana.until(/near is ready/);
});
