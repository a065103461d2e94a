import { allowedGuests, allows } from '../access.ts';
import type { Cluster } from '../cluster.ts';
import { isNumberUsed } from '../guests.ts';
import { integer, oneOf, optional, vmid } from '../params.ts';
import { badParameters } from '../problem.ts';
import { isQuorate } from '../quorum.ts';
import { type Call, perm, type Route } from '../route.ts';
import { containerRow, memoryInUse, resourceRow, usedOn } from '../rows.ts';
import { taskRow } from './tasks.ts';

const versions = {
  '8.4': { version: '8.4.21', release: '8.4', repoid: '2606ac850d46da29' },
  '9.2': { version: '9.2.11', release: '9.2', repoid: '7c1f9d2b4be4f3a1' },
} as const;

export const clusterRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '',
    access: 'user',
    params: {},
    run: () => ['version', 'cluster', 'nodes', 'storage', 'access', 'pools'].map((subdir) => ({ subdir })),
  },
  {
    method: 'GET',
    path: '/version',
    access: 'user',
    params: {},
    run: ({ cluster }) => versions[cluster.settings.profile],
  },
  {
    method: 'GET',
    path: '/nodes/{node}/version',
    access: 'user',
    params: {},
    run: ({ cluster }) => versions[cluster.settings.profile],
  },
  { method: 'GET', path: '/cluster/nextid', access: 'user', params: { vmid: optional(vmid) }, run: nextId },
  {
    method: 'GET',
    path: '/cluster/resources',
    access: 'user',
    params: { type: optional(oneOf('vm', 'storage', 'node', 'sdn')) },
    run: resources,
  },
  { method: 'GET', path: '/cluster/status', access: perm('/', 'Sys.Audit'), params: {}, run: clusterStatus },
  {
    method: 'GET',
    path: '/cluster/tasks',
    access: 'user',
    params: {},
    run: ({ cluster, caller }) =>
      cluster.tasks
        .all()
        .filter(
          (task) => task.owner === caller.name || allows(cluster.state, caller, `/nodes/${task.node}`, 'Sys.Audit'),
        )
        .slice(0, 25)
        .map((task) => ({ saved: '1', ...taskRow(task) })),
  },
  {
    method: 'GET',
    path: '/cluster/options',
    access: 'user',
    params: {},
    run: () => ({ keyboard: 'en-us', mac_prefix: 'BC:24:11', description: '', 'allowed-tags': [] }),
  },
  { method: 'GET', path: '/nodes', access: 'user', params: {}, run: nodes },
  {
    method: 'GET',
    path: '/cluster',
    access: 'user',
    params: {},
    run: () =>
      ['ha', 'resources', 'tasks', 'backup', 'firewall', 'options', 'status', 'nextid', 'log'].map((name) => ({
        name,
      })),
  },
  { method: 'GET', path: '/cluster/backup', access: perm('/', 'Sys.Audit'), params: {}, run: () => [] },
  { method: 'GET', path: '/cluster/log', access: 'user', params: { max: optional(integer(1)) }, run: () => [] },
];

function nextId({ cluster, values }: Call): string {
  if (values.vmid !== undefined) {
    if (isNumberUsed(cluster, Number(values.vmid))) throw badParameters({ vmid: `VM ${values.vmid} already exists` });
    return values.vmid;
  }
  for (let id = 100; ; id++) if (!isNumberUsed(cluster, id)) return String(id);
}

function resources(call: Call): unknown[] {
  const { cluster, caller, values } = call;
  const wanted = (type: string) => values.type === undefined || values.type === type;
  const sees = (path: string, privilege: string) => allows(cluster.state, caller, path, privilege);
  const pools = cluster.state.pools.map(({ poolid }) => ({ id: `/pool/${poolid}`, type: 'pool', pool: poolid }));
  const guests = wanted('vm') ? allowedGuests(cluster.state, caller, 'VM.Audit') : [];
  const containers = cluster.state.containers.filter(({ vmid }) => sees(`/vms/${vmid}`, 'VM.Audit'));
  const storages = cluster.state.storages.filter((storage) => sees(`/storage/${storage.storage}`, 'Datastore.Audit'));
  return [
    ...(values.type === undefined ? pools.filter((pool) => sees(`/pool/${pool.pool}`, 'Pool.Audit')) : []),
    ...guests.map((guest) => resourceRow(cluster, guest)),
    ...(wanted('vm') ? containers.map(containerRow) : []),
    ...(wanted('node') ? nodes(call).map(({ ssl_fingerprint: _, ...row }) => ({ ...row, 'cgroup-mode': 2 })) : []),
    ...(wanted('storage')
      ? cluster.state.nodes.flatMap((node) =>
          storages.map((storage) => ({
            id: `storage/${node.name}/${storage.storage}`,
            type: 'storage',
            node: node.name,
            storage: storage.storage,
            plugintype: 'dir',
            content: storage.content.join(','),
            shared: storage.shared ? 1 : 0,
            status: storage.disabled ? 'unknown' : 'available',
            disk: usedOn(cluster, storage.storage, node.name),
            maxdisk: storage.total,
          })),
        )
      : []),
    ...(wanted('sdn') && sees('/sdn/zones/localnetwork', 'SDN.Audit')
      ? cluster.state.nodes.map(({ name }) => zoneRow(cluster, name))
      : []),
  ];
}

/** The zone of a node's own bridges; 9.x found another name for it. */
function zoneRow({ settings }: Cluster, node: string): unknown {
  const zone = 'localnetwork';
  if (settings.profile === '8.4') return { id: `sdn/${node}/${zone}`, type: 'sdn', node, sdn: zone, status: 'ok' };
  const id = `network/${node}/zone/${zone}`;
  return { id, type: 'network', node, network: zone, 'network-type': 'zone', status: 'ok' };
}

function nodes({ cluster, caller }: Call): Record<string, unknown>[] {
  return cluster.state.nodes.map((node) => {
    const base = {
      node: node.name,
      id: `node/${node.name}`,
      type: 'node',
      level: '',
      status: node.online ? 'online' : 'offline',
    };
    const common = { ...base, ssl_fingerprint: cluster.fingerprint };
    if (!allows(cluster.state, caller, `/nodes/${node.name}`, 'Sys.Audit')) return common;
    const size = { maxcpu: node.cpus, maxmem: node.memory, maxdisk: 270_553_174_016 };
    if (!node.online) return { ...common, ...size };
    const uptime = Math.floor((Date.now() - cluster.startedAt) / 1000);
    const mem = 1024 ** 3 + memoryInUse(cluster, node.name);
    return { ...common, ...size, cpu: 0.02, mem, disk: usedOn(cluster, 'local', node.name), uptime };
  });
}

function clusterStatus({ cluster }: Call): unknown[] {
  const rows = cluster.state.nodes.map((node, index) => ({
    type: 'node',
    id: `node/${node.name}`,
    name: node.name,
    nodeid: cluster.state.nodes.length === 1 ? 0 : index + 1,
    ip: '127.0.0.1',
    online: node.online ? 1 : 0,
    local: index === 0 ? 1 : 0,
    level: '',
  }));
  if (rows.length === 1) return rows;
  const quorate = isQuorate(cluster) ? 1 : 0;
  return [{ type: 'cluster', id: 'cluster', name: 'lab', nodes: rows.length, quorate, version: 2 }, ...rows];
}
