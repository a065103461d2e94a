import { poll } from '#base/poll.ts';
import type { World } from '#jobs/engine/world.ts';
import { whoseVm } from '#proxmox/ownership.ts';

/**
 * The node on which the VM with this number is, when this run made it; undefined when there is none, or it is somebody else's. A running copy shows
 * neither name nor description, so this waits until it can be told whose it is.
 */
export async function locateOurs(world: World, node: string, vmid: number): Promise<string | undefined> {
  const { clock, signal, cluster } = world;
  const look = async () => {
    const found = await whoseVm(cluster.api, node, vmid, world.runId);
    return found.whose === 'copying' ? undefined : found;
  };
  const found = await poll(look, { clock, signal, firstMs: 250, mostMs: 3000 });
  return found.whose === 'ours' ? found.node : undefined;
}

/** Whether there is a VM with this number that this run made. */
export const isOurs = async (world: World, node: string, vmid: number): Promise<boolean> =>
  (await locateOurs(world, node, vmid)) !== undefined;
