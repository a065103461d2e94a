import type { World } from '#jobs/engine/world.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { locateVm } from '#proxmox/locate.ts';

/** Whether a call failed because the VM is on no node any more; one that only moved is not gone. */
export async function isGone(
  { cluster }: World,
  { node, vmid }: { readonly node: string; readonly vmid: number },
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof ProxmoxError && error.kind === 'missing')) return false;
  const elsewhere = await locateVm(cluster.api, vmid);
  return elsewhere === undefined || elsewhere === node;
}
