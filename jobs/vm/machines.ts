import { UserError } from '#base/errors.ts';
import { knownOnes } from '#base/suggest.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import type { VmConfig } from '#proxmox/config.ts';
import { requireSight } from '#proxmox/hidden.ts';
import { type Marker, type Ownership, readOwnership } from '#proxmox/marker.ts';
import { listVms, readVm, type Vm } from '#proxmox/vms.ts';

/** A VM that a person named, with its configuration read just now. */
export interface Found extends Vm {
  readonly config: VmConfig;
  /** Whose it is by its marker. */
  readonly ownership: Ownership;
}

/** The VM with this name or VMID. Throws a `UserError` when there is none, or more than one. */
export async function findVm(cluster: Cluster, wanted: string): Promise<Found> {
  const all = await listVms(cluster.api);
  const called = (vm: Vm) => String(vm.vmid) === wanted || vm.name?.toLowerCase() === wanted.toLowerCase();
  const vms = all.filter((vm) => !vm.template);
  const fitting = vms.filter(called);
  const [vm] = fitting;
  if (!vm) {
    const template = all.find(called);
    if (template) {
      throw new UserError(`${template.name ?? wanted} (VM ${template.vmid}) is a template, and no VM.`, {
        hint: '/template list',
      });
    }
    await requireSight(cluster, `a VM "${wanted}"`);
    const names = vms.flatMap(({ name }) => name ?? []);
    throw new UserError(`There is no VM "${wanted}". ${knownOnes(wanted, names)}`, { hint: '/vm list' });
  }
  if (fitting.length > 1) {
    const which = fitting.map(({ vmid, node }) => `${vmid} on ${node}`).join(', ');
    throw new UserError(`There are ${fitting.length} VMs called "${wanted}": ${which}.`, {
      hint: `Say which by its VMID: ${fitting[0]?.vmid}`,
    });
  }
  const config = await readVm(cluster.api, vm.node, vm.vmid);
  if (!config) throw new UserError(`VM ${vm.vmid} (${wanted}) is gone from ${vm.node}.`, { hint: '/vm list' });
  return { ...vm, config, ownership: ownershipOf(cluster, vm, config, all) };
}

/** The same, for changing it: only VMs whose marker names them are ours to change. */
export async function findOurVm(cluster: Cluster, wanted: string): Promise<Found & { readonly marker: Marker }> {
  const vm = await findVm(cluster, wanted);
  const { vmid, name = 'no name', ownership } = vm;
  if (ownership.state === 'ours') return { ...vm, marker: ownership.marker };
  if (ownership.state === 'unmarked') {
    throw new UserError(`VM ${vmid} (${name}) was not made by Botswain, so it is left alone.`, {
      hint: 'Change it in Proxmox itself.',
    });
  }
  throw new UserError(`VM ${vmid} (${name}) is left alone: ${ownership.why}.`, {
    hint: `Change it in Proxmox itself. If it is one of Botswain's all the same, let the marker in its notes say "vmid":${vmid},"uuid":"${vm.config.smbiosUuid ?? ''}" (docs/security.md).`,
  });
}

function ownershipOf({ settings }: Cluster, { vmid, name }: Vm, config: VmConfig, all: readonly Vm[]): Ownership {
  const found = readOwnership(vmid, config, settings.vmids);
  if (found.state !== 'ours' || found.marker.vmid !== undefined) return found;
  // An older marker names no VM: of two with the same name, either may be the copy.
  const twin = all.find((other) => other.vmid !== vmid && other.name === name);
  if (!twin) return found;
  const why = `its marker is one of an older version, and VM ${twin.vmid} has the same name`;
  return { state: 'unproven', marker: found.marker, why };
}
