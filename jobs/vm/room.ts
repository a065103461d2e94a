import { askNodes } from '#proxmox/ask-nodes.ts';
import type { InFlight } from '#proxmox/claims.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import type { NodeRoom } from '#proxmox/placement.ts';
import { type Resources, readResources } from '#proxmox/resources.ts';
import { listStorages } from '#proxmox/storage.ts';
import type { Storage } from '#proxmox/storage-rows.ts';

/** What nodes said of their storages; `silent` are those that said nothing in time. */
export interface Heard {
  readonly answers: ReadonlyMap<string, readonly Storage[]>;
  readonly silent: readonly string[];
}

/** What each node has room for now, creations in flight counted. Every node that is online is asked for its storages. */
export async function readRoom(cluster: Cluster): Promise<NodeRoom[]> {
  const [resources, inFlight] = await Promise.all([readResources(cluster.api), cluster.claims.inFlight()]);
  const online = usedNodes(cluster, resources).filter((node) => node.online);
  const heard = await hearStorages(
    cluster,
    online.map(({ node }) => node),
  );
  return roomsOf(cluster, resources, inFlight, heard);
}

/** GET /nodes/{node}/storage, each within the cluster's `nodeTimeout`. */
export function hearStorages(cluster: Cluster, nodes: readonly string[]): Promise<Heard> {
  return askNodes(cluster, nodes, (node, signal) => listStorages(cluster.api, node, signal));
}

/** The nodes that get new VMs. */
export function usedNodes({ settings }: Cluster, { nodes }: Resources): Resources['nodes'] {
  return nodes.filter(({ node }) => settings.nodes?.includes(node) ?? true);
}

/** The same from what was read already. A node that was not asked for its storages yet counts as one with room on them. */
export function roomsOf(
  cluster: Cluster,
  resources: Resources,
  inFlight: readonly InFlight[],
  { answers, silent }: Heard,
): NodeRoom[] {
  const vmsOn = Map.groupBy(
    resources.vms.filter(({ template }) => !template),
    ({ node }) => node,
  );
  return usedNodes(cluster, resources).map((node) => {
    const storages = answers.get(node.node);
    const disks = storages?.find(({ storage }) => storage === cluster.settings.storages.disks);
    const available = disks?.active ? disks.available : undefined;
    return {
      ...{ node: node.node, online: node.online, silent: silent.includes(node.node), cpus: node.cpus },
      ...{ memoryTotal: node.memoryTotal, memoryUsed: node.memoryUsed },
      storageAvailable: storages || !node.online ? available : Number.POSITIVE_INFINITY,
      vms: vmsOn.get(node.node) ?? [],
      storageShared: disks?.shared ?? false,
      inFlight,
    };
  });
}
