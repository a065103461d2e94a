import { UserError } from '#base/errors.ts';
import type { World } from '#jobs/engine/world.ts';
import type { ReachedVm } from '#proxmox/claims/address-index.ts';
import type { Machine } from '../steps/power.ts';
import { nameOf } from './claim-address.ts';
import { sharingNow } from './sharing.ts';

type Card = Machine & { readonly mac: string };

/**
 * Makes sure that the address which a VM has got is no other VM's of ours, then keeps both in the index. Throws a
 * `UserError` that names the other one. What can't be told is a note.
 */
export async function requireOwnAddress(world: World, { mac, ...vm }: Card, address: string): Promise<void> {
  const { claims, addresses } = world.cluster;
  // Before the index is asked: of two runs that have one address at the same time, the second sees the first.
  const claimant = await claims.address(world.runId, address);
  if (claimant) throw shared(vm, address, nameOf(claimant));
  for (const other of await others(world, vm, { address, mac })) {
    const sharing = await sharingNow(world, other, { address, mac });
    if (sharing === 'address') throw shared(vm, address, nameOf(other));
    if (sharing === 'mac') {
      throw new UserError(`${nameOf(other)} has the MAC address ${mac} of ${nameOf(vm)} too.`, {
        hint: 'Give one of the two network cards another MAC address in Proxmox.',
      });
    }
    if (sharing === 'unknown' && other.address === address)
      world.note(
        `${nameOf(other)} had ${address} too when it became ready, and neither its guest agent nor its node says whether it has it still.`,
      );
  }
  await addresses.putReached({ vmid: vm.vmid, name: vm.name, node: vm.node, address, mac });
}

/**
 * Makes sure that it is the VM itself that answers at its address, by the SSH host key there; `own` is the one that its
 * agent tells, undefined when it does not. Keeps the key in the index, and answers sentences for the card. Throws
 * a `UserError` that names the VM that answers instead.
 */
export async function requireOwnHostKey(
  world: World,
  { mac, ...vm }: Card,
  { address, hostKey, own }: { readonly address: string; readonly hostKey: string; readonly own: string | undefined },
): Promise<string[]> {
  const notes: string[] = [];
  for (const other of await others(world, vm, { hostKey })) {
    if (own !== undefined && own !== hostKey) throw answersInstead(vm, other, address);
    const sharing = await sharingNow(world, other, { address, mac });
    if (sharing === 'address' || (sharing === 'unknown' && other.address === address && own === undefined))
      throw answersInstead(vm, other, address);
    if (sharing !== 'gone')
      notes.push(
        `Its host key is ${nameOf(other)}'s too: it was left in the template, so SSH can't tell the two apart.`,
      );
  }
  if (own === undefined || own === hostKey)
    await world.cluster.addresses.putReached({ vmid: vm.vmid, name: vm.name, node: vm.node, address, mac, hostKey });
  return notes;
}

async function others(
  { cluster }: World,
  { vmid }: Machine,
  traits: { readonly address?: string; readonly mac?: string; readonly hostKey?: string },
): Promise<ReachedVm[]> {
  return (await cluster.addresses.reached(traits)).filter((other) => other.vmid !== vmid);
}

function shared(vm: Machine, address: string, other: string): UserError {
  return new UserError(`${nameOf(vm)} has the address ${address}, and so has ${other}.`, {
    hint: 'DHCP takes both for one machine if the template has a machine-id: empty its /etc/machine-id.',
  });
}

function answersInstead(vm: Machine, other: ReachedVm, address: string): UserError {
  return new UserError(
    `At ${address} it is ${nameOf(other)} that answers, and not ${nameOf(vm)}: the host key is its.`,
    {
      hint: 'DHCP takes both for one machine if the template has a machine-id: empty its /etc/machine-id.',
    },
  );
}
