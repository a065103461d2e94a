import { askOneNode } from '#proxmox/ask-nodes.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { staticAddresses } from '#proxmox/static-addresses.ts';
import { readVm, type Vm } from '#proxmox/vms.ts';
import { configuredVm, isKnown } from './refresh.ts';

/** So many VMs that the index does not know are read at once; more are left to its own rounds. */
const mostUnknown = 20;

/**
 * The VM whose configuration has an address, as `db (VM 105 on pve2)`. The index says which VMs to read, and each is
 * read now: nothing old refuses an address. `unread` when some VM is neither in the index nor could be read.
 *
 * GET /nodes/{node}/qemu/{vmid}/config, of the few that may have it
 */
export async function findConfigured(
  cluster: Cluster,
  address: string,
  vms: readonly Vm[],
): Promise<{ readonly holder?: string; readonly unread: boolean }> {
  const { api, addresses } = cluster;
  const known = new Map((await addresses.configured()).map((vm) => [vm.vmid, vm]));
  const others = vms.filter(({ template }) => !template);
  const suspects = others.filter(({ vmid }) => known.get(vmid)?.addresses.includes(address));
  const unknown = others.filter((vm) => !isKnown(vm, known.get(vm.vmid)));
  const candidates = new Set([...suspects, ...unknown.slice(0, mostUnknown)]);
  let unread = unknown.length > mostUnknown;
  const holders = await Promise.all(
    [...candidates].map(async (vm): Promise<string[]> => {
      const words = `${vm.name ?? 'a VM'} (VM ${vm.vmid} on ${vm.node})`;
      try {
        const config = await askOneNode(cluster, vm.node, (late) => readVm(api, vm.node, vm.vmid, late));
        if (!config) return [];
        await addresses.putConfigured([configuredVm(vm, config, cluster, Date.now())]);
        return staticAddresses(config).includes(address) ? [words] : [];
      } catch (error) {
        if (!(error instanceof ProxmoxError)) throw error;
        // Its node is away, or hangs: what it said last must do, and one that never said anything is not read.
        if (suspects.includes(vm)) return [words];
        unread = true;
        return [];
      }
    }),
  );
  const [holder] = holders.flat();
  return { ...(holder === undefined ? {} : { holder }), unread };
}
