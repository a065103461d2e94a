import type { Cluster } from '#proxmox/cluster.ts';
import { readNodes } from '#proxmox/nodes.ts';
import type { NodeRoom } from '#proxmox/placement.ts';
import { listStorages } from '#proxmox/storage.ts';
import { listVms, type Vm } from '#proxmox/vms.ts';

/** What each node has room for now, other runs' creations in flight counted; our own claim is left out. */
export async function readRoom(cluster: Cluster, runId: string): Promise<{ nodes: NodeRoom[]; vms: Vm[] }> {
  const { api, claims, settings } = cluster;
  const [nodes, vms, inFlight] = await Promise.all([readNodes(api), listVms(api), claims.inFlight()]);
  const wanted = nodes.filter(({ node }) => !settings.nodes || settings.nodes.includes(node));
  const rooms = await Promise.all(
    wanted.map(async (node): Promise<NodeRoom> => {
      const storages = node.online ? await listStorages(api, node.node) : [];
      const disks = storages.find(({ storage }) => storage === settings.storages.disks);
      return {
        node: node.node,
        online: node.online,
        cpus: node.cpus,
        memoryTotal: node.memoryTotal,
        memoryUsed: node.memoryUsed,
        storageAvailable: disks?.active ? disks.available : undefined,
        vms: vms.filter((vm) => vm.node === node.node && !vm.template),
        storageShared: disks?.shared ?? false,
        inFlight: inFlight.filter(({ run }) => run !== runId),
      };
    }),
  );
  return { nodes: rooms, vms };
}
