import { poll } from '#base/poll.ts';
import type { World } from '#jobs/engine/world.ts';
import { readAddresses } from '#proxmox/agent.ts';
import { askNodes } from '#proxmox/ask-nodes.ts';
import type { ReachedVm } from '#proxmox/claims/address-index.ts';
import { isTooLong } from '#proxmox/errors.ts';
import { locateVm } from '#proxmox/locate.ts';
import { staticAddresses } from '#proxmox/static-addresses.ts';
import { readStatus, readVm } from '#proxmox/vms.ts';

/**
 * What another VM, looked at now, shares with ours: its address or MAC address; `nothing` when it is off or somewhere
 * else; `unknown` when it runs and its agent does not say, or its node does not.
 */
export type Sharing = 'address' | 'mac' | 'nothing' | 'unknown' | 'gone';

/**
 * Looks once more at a VM that the index names.
 *
 * GET /cluster/resources?type=vm, GET /nodes/{node}/qemu/{vmid}/status/current, …/config, …/agent/network-get-interfaces
 */
export async function sharingNow(
  { cluster, clock, signal }: World,
  { vmid }: ReachedVm,
  { address, mac }: { readonly address: string; readonly mac: string },
): Promise<Sharing> {
  const { api } = cluster;
  const node = await locateVm(api, vmid);
  if (node === undefined) return 'gone';
  const { answers } = await askNodes(cluster, [node], (_, late) =>
    Promise.all([readStatus(api, node, vmid, late), readVm(api, node, vmid, late)]),
  );
  const said = answers.get(node);
  if (!said) return 'unknown';
  const [status, config] = said;
  if (!config) return 'gone';
  if (status?.status !== 'running') return 'nothing';
  if (config.nets.some((net) => net.mac === mac.toUpperCase())) return 'mac';
  if (staticAddresses(config).includes(address)) return 'address';
  const theirs = config.nets[0]?.mac;
  if (theirs === undefined || !config.agent) return 'unknown';
  let looks = 0;
  // Another question to an agent of that node may be under way: then nothing is said at first.
  const look = async () => {
    const found = await readAddresses(cluster, node, vmid, theirs, signal).catch((error) => {
      // Somebody else's guest must not stop this run.
      if (isTooLong(error)) return [];
      throw error;
    });
    return found.length > 0 || ++looks === mostLooks ? found : undefined;
  };
  const addresses = await poll(look, { clock, signal, firstMs: 200, mostMs: 1000 });
  if (addresses.includes(address)) return 'address';
  return addresses.length > 0 ? 'nothing' : 'unknown';
}

const mostLooks = 4;
