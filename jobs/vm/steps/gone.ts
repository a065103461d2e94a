import type { World } from '#jobs/engine/world.ts';
import type { VmConfig } from '#proxmox/config.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { locateVm } from '#proxmox/locate.ts';
import { isMadeBy, sameUuid } from '#proxmox/marker.ts';
import { isFree } from '#proxmox/vmids.ts';
import { readVm } from '#proxmox/vms.ts';

/** Whether a configuration is that of the VM that was meant. */
export type Meant = (config: VmConfig) => boolean;

/**
 * Whether the VM that was meant is no more: there is none with its number, wherever the cluster has it by now, or it is another one. Nothing else
 * proves that: "does not exist" may be said of a storage or a node, too.
 *
 * A VM that left the pool on which the token has its rights can't be read either; then its number is not free.
 *
 * GET /cluster/resources, GET /nodes/{node}/qemu/{vmid}/config, GET /cluster/nextid?vmid={vmid}
 */
export async function isGone(
  { cluster }: World,
  { node, vmid }: { readonly node: string; readonly vmid: number },
  isMeant: Meant,
): Promise<boolean> {
  const now = (await locateVm(cluster.api, vmid)) ?? node;
  const config = await readVm(cluster.api, now, vmid);
  return config ? !isMeant(config) : isFree(cluster.api, vmid);
}

/** Whether a call failed because something was not there, which may be the VM: {@link isGone} tells. */
export const isMissing = (error: unknown): boolean => error instanceof ProxmoxError && error.kind === 'missing';

/** The VM with this SMBIOS UUID; '' stands for one that has none. */
export const withUuid =
  (uuid: string): Meant =>
  (config) =>
    sameUuid(config.smbiosUuid, uuid);

/** The VM with this number that this run made. */
export const madeBy =
  (run: string, vmid: number): Meant =>
  (config) =>
    isMadeBy(run, vmid, config);
