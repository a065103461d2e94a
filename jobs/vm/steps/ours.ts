import { poll } from '#base/poll.ts';
import type { World } from '#jobs/engine/world.ts';
import { whoseVm } from '#proxmox/marker.ts';

/**
 * Whether the VM with this number was made by this run; false when there is none. A running copy shows neither name nor description, so this waits
 * until it can be told whose it is.
 */
export async function isOurs(world: World, node: string, vmid: number): Promise<boolean> {
  const { clock, signal, cluster } = world;
  const look = async () => {
    const whose = await whoseVm(cluster.api, node, vmid, world.runId);
    return whose === 'copying' ? undefined : whose;
  };
  return (await poll(look, { clock, signal, firstMs: 250, mostMs: 3000 })) === 'ours';
}
