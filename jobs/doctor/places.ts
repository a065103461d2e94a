import type { Cluster } from '#proxmox/cluster.ts';
import { type NodeState, readBridges, readNodeTime } from '#proxmox/nodes.ts';
import { lacksAny, type Need } from '#proxmox/roles.ts';
import { listStorages } from '#proxmox/storage.ts';
import type { Storage } from '#proxmox/storage-rows.ts';
import { bad, type Finding, good, skipped, warn } from './finding.ts';

/** Farther apart than this, tickets and certificates begin to fail. */
const driftMs = 60_000;

/** The nodes that get VMs: which of them are online. */
export function examineNodes(nodes: readonly NodeState[], { settings }: Cluster): Finding[] {
  const unknown = settings.nodes?.filter((name) => !nodes.some(({ node }) => node === name)) ?? [];
  const offline = nodes.filter(({ online }) => !online).map(({ node }) => node);
  const names = nodes.map(({ node }) => node).join(', ');
  return [
    ...unknown.map((name) =>
      bad('Nodes', `There is no node ${name}; the cluster has ${names}.`, 'Put `nodes` right in the configuration.'),
    ),
    ...(offline.length > 0
      ? [
          warn(
            'Nodes',
            `${offline.join(', ')} ${offline.length === 1 ? 'is' : 'are'} offline.`,
            'Nothing is placed there until it is back.',
          ),
        ]
      : [good('Nodes', `${names} ${nodes.length === 1 ? 'is' : 'are'} online.`)]),
  ];
}

/** Whether each configured storage is there, active, and takes what it is for. */
export async function examineStorages(
  { api, settings }: Cluster,
  online: readonly string[],
  missing: readonly Need[],
): Promise<Finding[]> {
  const found = await Promise.all(online.map(async (node) => ({ node, storages: await listStorages(api, node) })));
  const uses = [
    ['disks', 'images'],
    ['images', 'import'],
    ['seeds', 'iso'],
  ] as const;
  return uses.flatMap(([use, content]) => {
    const storage = settings.storages[use];
    const topic = `Storage for ${use}`;
    if (lacksAny(missing, `/storage/${storage}`))
      return [skipped(topic, `${storage} was not looked at: the token lacks privileges there.`)];
    const wrong = found.flatMap(({ node, storages }) => fault(node, storage, content, storages));
    if (wrong[0] === undefined) return [good(topic, `${storage} takes ${content} on ${online.join(', ')}.`)];
    const next = `pvesm set ${storage} --content …,${content}   (or name another storage as storages.${use})`;
    return [bad(topic, wrong.join(' '), next)];
  });
}

function fault(node: string, name: string, content: string, storages: readonly Storage[]): string[] {
  const found = storages.find(({ storage }) => storage === name);
  if (!found) return [`There is no storage ${name} on ${node}.`];
  if (!found.active) return [`${name} is not active on ${node}.`];
  return found.content.includes(content) ? [] : [`${name} does not take ${content} on ${node}.`];
}

/** Whether VMs find their bridge on each node. */
export async function examineBridge(
  { api, settings }: Cluster,
  online: readonly string[],
  missing: readonly Need[],
): Promise<Finding> {
  const { bridge } = settings;
  if (lacksAny(missing, `/sdn/zones/localnetwork/${bridge}`)) {
    return skipped('Bridge', `${bridge} was not looked at: the token may not use it.`);
  }
  const found = await Promise.all(online.map(async (node) => ({ node, bridges: await readBridges(api, node) })));
  const without = found.filter(({ bridges }) => !bridges.includes(bridge)).map(({ node }) => node);
  if (without.length === 0) return good('Bridge', `${bridge} is on ${online.join(', ')}.`);
  return bad(
    'Bridge',
    `There is no bridge ${bridge} on ${without.join(', ')}.`,
    'Make it there, or name another one as `bridge` of the cluster.',
  );
}

/** Whether the nodes' clocks go as ours does. `now` is ours, ms since the epoch. */
export async function examineClocks(
  { api }: Cluster,
  online: readonly string[],
  missing: readonly Need[],
  now: () => number,
): Promise<Finding> {
  if (
    online.some((node) => lacksAny(missing, '/nodes', 'Sys.Audit') || lacksAny(missing, `/nodes/${node}`, 'Sys.Audit'))
  ) {
    return skipped('Clocks', 'The nodes’ clocks were not looked at: that takes Sys.Audit.');
  }
  const found = await Promise.all(
    online.map(async (node) => {
      const before = now();
      return { node, offMs: (await readNodeTime(api, node)) - (before + now()) / 2 };
    }),
  );
  const off = found.filter(({ offMs }) => Math.abs(offMs) > driftMs);
  if (off.length === 0) return good('Clocks', 'The nodes’ clocks agree with ours.');
  const words = off.map(
    ({ node, offMs }) => `${node} is ${Math.round(Math.abs(offMs) / 1000)} s ${offMs > 0 ? 'ahead' : 'behind'}`,
  );
  return warn(
    'Clocks',
    `${words.join(', ')} of us.`,
    'Let chrony keep the time on the nodes and here: chronyc tracking',
  );
}
