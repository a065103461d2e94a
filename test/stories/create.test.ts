import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openShell } from '#guest/shell.ts';
import { readMarker } from '#proxmox/marker.ts';
import { textOf } from '../console.ts';
import { leftOf, machinesOf, nothing, startSetting } from '../setting.ts';

test('one line makes a VM of the size asked for, and tells how to get in', async () => {
  await using setting = await startSetting();

  await setting.ana.type('/vm create k8s-dev medium');
  const card = await setting.ana.until(/k8s-dev is ready/);

  const [vm] = machinesOf(setting.lab);
  assert.ok(vm);
  const { cores, memory, ciuser, scsi0 = '', ipconfig0, agent } = vm.config;
  assert.deepEqual(
    [vm.name, vm.power, cores, memory, ciuser, ipconfig0, agent],
    ['k8s-dev', 'running', '2', '4096', 'debian', 'ip=dhcp', 'enabled=1'],
  );
  assert.match(scsi0, /size=40G/);
  assert.match(textOf(card), /debian@10\.77\.0\.100\nVM: 5000 on pve1\nAddress: 10\.77\.0\.100\n/);
  assert.match(textOf(card), /Size: medium: 2 CPUs, 4 GiB memory, 40 GiB disk/);
  assert.match(textOf(card), /Host key: SHA256:/);
});

test('the description says who a VM was made for, and by which run', async () => {
  await using setting = await startSetting();

  await setting.ben.type('/vm create k8s-dev small');
  const card = await setting.ana.until(/k8s-dev is ready/);

  const marker = readMarker(machinesOf(setting.lab)[0]?.config.description ?? '');
  assert.deepEqual([marker?.owner, marker?.template], ['ben', 'lab-debian']);
  assert.match(textOf(card), new RegExp(`Run ${marker?.run} · asked by @Ben`));
});

test('the configured key logs in through the jump host', async () => {
  await using setting = await startSetting();
  await setting.ana.type('/vm create k8s-dev medium');
  await setting.ana.until(/k8s-dev is ready/);

  const { privateKey, jump } = setting.config.ssh;
  const target = { host: '10.77.0.100', port: 22, user: 'debian', privateKey, ...(jump ? { jump } : {}) };
  await using shell = await openShell(target, AbortSignal.timeout(5000));

  assert.equal((await shell.exec('hostname && nproc')).stdout, 'k8s-dev\n2\n');
});

test('the thread under the card has the logs of Proxmox’ tasks', async () => {
  await using setting = await startSetting();

  await setting.ana.type('/vm create k8s-dev medium');
  await setting.ana.until(/create linked clone of drive scsi0/);
  await setting.ana.until(/k8s-dev is ready/);

  const messages = [...setting.ana.messages.values()];
  const log = messages.find(({ content }) => content.kind === 'card' && /linked clone/.test(textOf(content.card)));
  const card = messages.find(({ content }) => content.kind === 'card' && /is ready/.test(textOf(content.card)));
  assert.equal(log?.thread, card?.id);
});

test('a dry run shows the plan, and neither makes nor claims anything', async () => {
  await using setting = await startSetting();

  await setting.ana.type('/vm create k8s-dev medium --dry-run');
  const card = await setting.ana.until(/Plan: create k8s-dev/);

  assert.match(textOf(card), /1 to create, 0 to change, 0 to destroy\. Nothing was done\./);
  assert.match(textOf(card), /Size \| medium: 2 CPUs, 4 GiB memory, 40 GiB disk/);
  assert.deepEqual(await leftOf(setting), nothing);
  assert.deepEqual(await setting.redis.keys(`{${setting.config.redis.prefix}}:claims:*`), []);
  assert.equal(/k8s-dev/.test(setting.ben.transcript()), false);
});

test('a planned VM is made by the button under the plan', async () => {
  await using setting = await startSetting();
  await setting.ana.type('/vm create k8s-dev medium --dry-run');
  await setting.ana.until(/Plan: create k8s-dev/);

  await setting.ana.press('Do it');
  await setting.ana.until(/k8s-dev is ready/);

  assert.deepEqual(
    machinesOf(setting.lab).map(({ name }) => name),
    ['k8s-dev'],
  );
});

test('CPUs, memory, disk, node, number and kind of clone can be chosen one by one', async () => {
  await using setting = await startSetting();

  const how = '--cpus 3 --memory 3G --disk 7G --node pve2 --vmid 123 --clone full --dns 10.77.0.1,9.9.9.9';
  await setting.ana.type(`/vm create k8s-dev small ${how}`);
  await setting.ana.until(/k8s-dev is ready/);

  const vm = setting.lab.machines.get(123);
  assert.deepEqual(
    [vm?.node, vm?.config.cores, vm?.config.memory, vm?.config.nameserver],
    ['pve2', '3', '3072', '10.77.0.1 9.9.9.9'],
  );
  assert.match(vm?.config.scsi0 ?? '', /^nas:123\/vm-123-disk-0\.qcow2,size=7G/);
});

test('a static address is the one asked for, and the one the guest reports', async () => {
  await using setting = await startSetting();

  await setting.ana.type('/vm create web-1 small --network static --ip 10.77.0.31/24 --gateway 10.77.0.1');
  const card = await setting.ana.until(/web-1 is ready/);
  await setting.ana.type('/vm show web-1');
  const shown = await setting.ana.until(/Addresses: /);

  assert.equal(machinesOf(setting.lab)[0]?.config.ipconfig0, 'ip=10.77.0.31/24,gw=10.77.0.1');
  assert.match(textOf(card), /Address: 10\.77\.0\.31\n/);
  assert.match(textOf(shown), /Addresses: .*10\.77\.0\.31/);
});

test('a role numbers its VMs, and never gives a number twice', async () => {
  await using setting = await startSetting();

  await setting.ana.type('/vm create --role worker small');
  await setting.ana.until(/k8s-worker-1 is ready/);
  await setting.ana.type('/vm destroy k8s-worker-1');
  await setting.ben.until(/Approve\? destroy k8s-worker-1/);
  await setting.ben.press('Approve');
  await setting.ana.until(/k8s-worker-1 \(VM 5000\) is gone/);
  await setting.ana.type('/vm create --role worker small');
  await setting.ana.until(/k8s-worker-2 is ready/);

  assert.deepEqual(
    machinesOf(setting.lab).map(({ vmid, name }) => [vmid, name]),
    [[5001, 'k8s-worker-2']],
  );
});

test('a VM with more CPUs than any node has is refused before anything is made', async () => {
  const nodes = [
    { name: 'pve1', cpus: 8 },
    { name: 'pve2', cpus: 4 },
  ];
  await using setting = await startSetting({ lab: { nodes }, templates: [] });

  await setting.ana.type('/vm create k8s-dev small --cpus 64 --build-template');
  await setting.ana.until(
    /No node has room for 64 CPUs and 2 GiB of memory: pve1 has 8 CPUs, pve2 has 4 CPUs\.|failed/,
  );

  assert.match(setting.ana.transcript(), /pve1 has 8 CPUs, pve2 has 4 CPUs\./);
  assert.deepEqual(await leftOf(setting), nothing);
});

test('VMs asked for at once spread over the nodes, each with a number of its own', async () => {
  await using setting = await startSetting({ workers: 2 });

  const names = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'];
  await Promise.all(names.map((name) => setting.ana.type(`/vm create ${name} small`)));
  for (const name of names) await setting.ana.until(new RegExp(`^${name} is ready`));

  const nodes = machinesOf(setting.lab).map(({ node }) => node);
  assert.deepEqual(nodes.toSorted(), ['pve1', 'pve1', 'pve1', 'pve2', 'pve2', 'pve2']);
  assert.deepEqual((await leftOf(setting)).claims, []);
});

test('/vm list and /node list tell what is there', async () => {
  await using setting = await startSetting();
  await setting.ana.type('/vm create k8s-dev medium');
  await setting.ana.until(/k8s-dev is ready/);

  await setting.ana.type('/vm list');
  await setting.ana.type('/node list');

  await setting.ana.until(/k8s-dev \| 5000 \| pve1 \| running \| 2 CPUs, 4 GiB/);
  await setting.ana.until(/pve1 \| online \| 1 \| 0 \| /);
});
