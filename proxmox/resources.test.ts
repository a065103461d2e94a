import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import type { Api } from './api.ts';
import { listVms, readResources, withNewVms } from './resources.ts';
import { type FakeServer, type Reply, settingsFor, startSetting } from './server-for-tests.ts';

const data = (value: unknown): Reply => ({ body: { data: value } });
const clusterOf = ({ api, server }: { api: Api; server: FakeServer }, nodeTimeout = '5s') => ({
  api,
  settings: settingsFor([server], { nodeTimeout }),
});

const old = { type: 'qemu', node: 'pve1', maxmem: 536870912, maxcpu: 1, maxdisk: 2147483648 };
const cluster = [
  { type: 'node', node: 'pve1', status: 'online' },
  { type: 'node', node: 'pve2', status: 'offline' },
  { type: 'storage', node: 'pve1', storage: 'local', status: 'available' },
  { ...old, vmid: 100, name: 'old-name', status: 'stopped', template: 0, tags: 'a;b' },
  { type: 'qemu', node: 'pve1', vmid: 101, status: 'unknown' },
  { ...old, vmid: 200, node: 'pve2', name: 'away', status: 'running' },
  { type: 'lxc', node: 'pve1', vmid: 300, status: 'running', name: 'container' },
];
const fresh = [
  { vmid: 100, name: 'new-name', status: 'running', cpus: 2, maxmem: 1073741824, maxdisk: 10, uptime: 84, tags: 'a' },
  { vmid: 101, name: 'VM 101', status: 'stopped', lock: 'clone', cpus: 1, maxmem: 536870912, maxdisk: 0 },
];

test('the list takes what nodes say of their own VMs, since the cluster’s list is late', async () => {
  await using setting = await startSetting(({ path }) => data(path === '/cluster/resources' ? cluster : fresh));

  const { vms } = await listVms(clusterOf(setting));

  const rest = { node: 'pve1', template: false };
  assert.deepEqual(vms, [
    {
      ...rest,
      vmid: 100,
      name: 'new-name',
      status: 'running',
      cpus: 2,
      maxMemory: 1073741824,
      maxDisk: 10,
      uptime: 84,
      tags: ['a'],
    },
    { ...rest, vmid: 101, status: 'stopped', cpus: 1, maxMemory: 536870912, maxDisk: 0, lock: 'clone', tags: [] },
    {
      vmid: 200,
      node: 'pve2',
      name: 'away',
      status: 'unknown',
      template: false,
      cpus: 1,
      maxMemory: 536870912,
      maxDisk: 2147483648,
      tags: [],
    },
  ]);
  assert.deepEqual(
    setting.server.heard.map(({ path }) => path),
    ['/cluster/resources', '/nodes/pve1/qemu'],
  );
});

test('a node that has just gone away is no reason to list nothing', async () => {
  const gone: Reply = { status: 595, reason: 'No route to host', body: '' };
  await using setting = await startSetting(({ path }) => (path === '/cluster/resources' ? data(cluster) : gone));

  const { vms } = await listVms(clusterOf(setting));

  assert.deepEqual(
    vms.map(({ vmid, name, status }) => [vmid, name, status]),
    [
      [100, 'old-name', 'unknown'],
      [101, undefined, 'unknown'],
      [200, 'away', 'unknown'],
    ],
  );
});

test('the whole cluster is one call: nodes by name, storages, VMs, and who has a number', async () => {
  await using setting = await startSetting(() => data([...cluster, { type: 'node', node: 'pve10', status: 'online' }]));

  const { nodes, storages, vms, holders } = await readResources(setting.api);

  assert.deepEqual(
    nodes.map(({ node, online }) => [node, online]),
    [
      ['pve1', true],
      ['pve2', false],
      ['pve10', true],
    ],
  );
  assert.deepEqual(storages, [{ node: 'pve1', storage: 'local', shared: false }]);
  assert.deepEqual(
    vms.map(({ vmid, name, status }) => [vmid, name, status]),
    [
      [100, 'old-name', 'stopped'],
      [101, undefined, 'unknown'],
      [200, 'away', 'unknown'],
    ],
  );
  assert.deepEqual(holders.at(-1), { vmid: 300, node: 'pve1', name: 'container container' });
});

test('only nodes with VMs that the cluster’s list does not know yet are asked', async () => {
  await using setting = await startSetting(({ path }) => data(path === '/cluster/resources' ? cluster : fresh));
  const listed = await readResources(setting.api);

  await withNewVms(clusterOf(setting), listed, new Set([101]));
  const { vms } = await withNewVms(clusterOf(setting), listed);

  assert.equal(vms[1]?.lock, 'clone');
  assert.deepEqual(
    setting.server.heard.map(({ path }) => path),
    ['/cluster/resources', '/nodes/pve1/qemu'],
  );
});

test('a node that hangs is left out and named, and holds up no other one', async () => {
  const both = cluster.map((row) => (row.type === 'node' ? { ...row, status: 'online' } : row));
  const hang = new AbortController();
  await using setting = await startSetting(async ({ path }) => {
    if (path === '/nodes/pve2/qemu') await systemClock.sleep(60_000, hang.signal).catch(() => undefined);
    return data(path === '/cluster/resources' ? both : fresh);
  });

  const { vms, silent } = await listVms(clusterOf(setting, '300ms'));
  hang.abort();

  assert.deepEqual(silent, ['pve2']);
  assert.deepEqual(
    vms.map(({ vmid, name, status }) => [vmid, name, status]),
    [
      [100, 'new-name', 'running'],
      [101, undefined, 'stopped'],
      [200, 'away', 'unknown'],
    ],
  );
});
