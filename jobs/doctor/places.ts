import { knownOnes } from '#base/suggest.ts';
import { askNodes } from '#proxmox/ask-nodes.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import { type NodeState, readBridges, readNodeTime } from '#proxmox/nodes.ts';
import { lacksAny, type Need } from '#proxmox/roles.ts';
import { bad, type Finding, good, skipped, warn } from './finding.ts';
import { notHeard } from './not-heard.ts';
import { unseen } from './storages.ts';

/** Farther apart than this, tickets and certificates begin to fail. */
const driftMs = 60_000;

/** The nodes that get VMs: which of them are there and online. `all` are those of the cluster. */
export function examineNodes(all: readonly NodeState[], { settings }: Cluster): Finding[] {
  const names = all.map(({ node }) => node);
  const unknown = settings.nodes?.filter((name) => !names.includes(name)) ?? [];
  const ours = all.filter(({ node }) => settings.nodes?.includes(node) ?? true);
  const offline = ours.filter(({ online }) => !online).map(({ node }) => node);
  const online = ours.filter((node) => node.online).map(({ node }) => node);
  const findings = unknown.map((name) =>
    bad(
      'Nodes',
      `There is no node ${name}; the cluster has ${names.join(', ')}.`,
      'Put `nodes` right in the configuration.',
    ),
  );
  if (offline.length > 0) {
    const away = `${offline.join(', ')} ${are(offline)} offline.`;
    const next = 'Nothing is placed there, and what is there can’t be used, until it is back: pvecm status';
    findings.push(online.length > 0 ? warn('Nodes', away, next) : bad('Nodes', `${away} No node is left.`, next));
  }
  return online.length > 0 ? [...findings, good('Nodes', `${online.join(', ')} ${are(online)} online.`)] : findings;
}

const are = (names: readonly string[]) => (names.length === 1 ? 'is' : 'are');

/** Whether VMs find their bridge on each node. */
export async function examineBridge(
  cluster: Cluster,
  online: readonly string[],
  missing: readonly Need[],
): Promise<Finding> {
  const { api, settings } = cluster;
  const { bridge } = settings;
  const { answers, silent } = await askNodes(cluster, online, (node, signal) => readBridges(api, node, signal));
  if (answers.size === 0) return notHeard('Bridge', cluster, silent);
  const seen = [...new Set([...answers.values()].flat())];
  if (lacksAny(missing, `/sdn/zones/localnetwork/${bridge}`) && !seen.includes(bridge)) {
    return skipped('Bridge', unseen('bridge', bridge, seen));
  }
  const without = [...answers].filter(([, bridges]) => !bridges.includes(bridge)).map(([node]) => node);
  if (without.length === 0) return good('Bridge', `${bridge} is on ${[...answers.keys()].join(', ')}.`);
  return bad(
    'Bridge',
    `There is no bridge ${bridge} on ${without.join(', ')}.`,
    `Make it there, or name another one as \`bridge\` of the cluster. ${knownOnes(bridge, seen)}`,
  );
}

/** Whether the nodes' clocks go as ours does. `now` is ours, ms since the epoch. */
export async function examineClocks(
  cluster: Cluster,
  online: readonly string[],
  missing: readonly Need[],
  now: () => number,
): Promise<Finding> {
  if (
    online.some((node) => lacksAny(missing, '/nodes', 'Sys.Audit') || lacksAny(missing, `/nodes/${node}`, 'Sys.Audit'))
  ) {
    return skipped('Clocks', 'The nodes’ clocks were not looked at: that takes Sys.Audit.');
  }
  const { answers, silent } = await askNodes(cluster, online, async (node, signal) => {
    const before = now();
    return (await readNodeTime(cluster.api, node, signal)) - (before + now()) / 2;
  });
  if (answers.size === 0) return notHeard('Clocks', cluster, silent);
  const off = [...answers].filter(([, offMs]) => Math.abs(offMs) > driftMs);
  if (off.length === 0) return good('Clocks', 'The nodes’ clocks agree with ours.');
  const words = off.map(
    ([node, offMs]) => `${node} is ${Math.round(Math.abs(offMs) / 1000)} s ${offMs > 0 ? 'ahead' : 'behind'}`,
  );
  return warn(
    'Clocks',
    `${words.join(', ')} of us.`,
    'Let chrony keep the time on the nodes and here: chronyc tracking',
  );
}
