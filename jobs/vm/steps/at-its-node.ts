import type { World } from '#jobs/engine/world.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { locateVm } from '#proxmox/locate.ts';
import { requireSame } from '#proxmox/ownership.ts';
import { readVm } from '#proxmox/vms.ts';
import { type Meant, withUuid } from './gone.ts';

/** A VM as a step is given it. `uuid` is its SMBIOS UUID, '' for none; runs that began with an older version have no word of it. */
export type Located = { readonly vmid: number; readonly node: string; readonly uuid?: string };

/** The UUID as part of a step's input; nothing for runs that began with an older version, whose inputs must stay what they were. */
export const uuidOf = ({ uuid }: { readonly uuid?: string | undefined }): { readonly uuid?: string } =>
  uuid === undefined ? {} : { uuid };

/** How often a VM may move within one try of a step. */
const mostMoves = 3;

/**
 * Does something to a VM on the node that it is on. When that node does not have it, or is away, the cluster is asked where it is now (people
 * migrate VMs, HA moves them); there it must prove to be the one that was meant, and `act` begins anew with that node. Whatever else fails is thrown.
 *
 * GET /cluster/resources, GET /nodes/{node}/qemu/{vmid}/config, only when it is not where it was
 */
export async function atItsNode<V extends Located, T>(
  world: World,
  vm: V,
  act: (vm: V) => Promise<T>,
  isMeant: Meant | undefined = vm.uuid === undefined ? undefined : withUuid(vm.uuid),
): Promise<T> {
  let now = vm;
  for (let moves = 0; ; moves++) {
    try {
      return await act(now);
    } catch (error) {
      if (!isAway(error) || !isMeant || moves === mostMoves) throw error;
      const node = await locateMeant(world, vm.vmid, isMeant);
      if (node === undefined || node === now.node) throw error;
      world.note(`VM ${vm.vmid} is on ${node} now, and no more on ${now.node}.`);
      now = { ...now, node };
    }
  }
}

/** Reads a VM once more before it is changed. Throws a `ProxmoxError` of kind `protected` when another one has its number by now. */
export async function requireMeant({ cluster }: World, { node, vmid, uuid }: Located): Promise<void> {
  if (uuid !== undefined) await requireSame(cluster.api, node, vmid, uuid);
}

async function locateMeant({ cluster }: World, vmid: number, isMeant: Meant): Promise<string | undefined> {
  const node = await locateVm(cluster.api, vmid);
  const config = node === undefined ? undefined : await readVm(cluster.api, node, vmid);
  return config && isMeant(config) ? node : undefined;
}

/** "Does not exist" may be said of something else that was missing; then the VM is where it was. */
const isAway = (error: unknown): boolean =>
  error instanceof ProxmoxError && (error.kind === 'missing' || error.kind === 'node down');
