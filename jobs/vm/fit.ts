import { spellAtLeast, spellCpus, spellMemory } from '#base/amounts.ts';
import { UserError } from '#base/errors.ts';
import type { Look } from '#jobs/engine/world.ts';
import { freeMemoryMiB } from '#proxmox/placement.ts';
import type { Resources } from '#proxmox/resources.ts';

/** `cpus`: what a VM is to have in all, 0 when it is to have no more than now. `addedMiB`: what it takes more of its node, not above 0 when it is off or gets less. */
type More = { readonly cpus: number; readonly addedMiB: number };

/**
 * Throws a `UserError` when a VM's node has fewer CPUs than it is to have (Proxmox would not start it), or no room for the memory that is added.
 * Without Sys.Audit the node tells neither, and nothing is refused.
 */
export async function requireFit(
  { cluster, runId }: Look,
  { nodes, vms }: Resources,
  { node, name }: { readonly node: string; readonly name: string },
  { cpus, addedMiB }: More,
): Promise<void> {
  const { claims, settings } = cluster;
  const inFlight = await claims.inFlight();
  const home = nodes.find((one) => one.node === node);
  if (!home) return;
  if (home.cpus > 0 && cpus > home.cpus) {
    throw new UserError(`${name} can't have ${spellCpus(cpus)}: its node ${node} has ${spellCpus(home.cpus)}.`, {
      hint: `/vm resize ${name} --cpus ${home.cpus}`,
    });
  }
  const others = {
    vms: vms.filter((vm) => vm.node === node && !vm.template),
    inFlight: inFlight.filter(({ run }) => run !== runId),
  };
  const freeMiB = freeMemoryMiB({ ...home, ...others }, settings.memoryReserve);
  if (home.memoryTotal > 0 && addedMiB > 0 && freeMiB < addedMiB) {
    throw new UserError(
      `${name} can't have ${spellMemory(addedMiB)} more memory: its node ${node} has ${spellAtLeast(freeMiB)} left.`,
      { hint: 'Choose less memory, or see /node list.' },
    );
  }
}
