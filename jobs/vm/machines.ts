import { UserError } from '#base/errors.ts';
import { knownOnes } from '#base/suggest.ts';
import { askOneNode } from '#proxmox/ask-nodes.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import type { VmConfig } from '#proxmox/config.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { requireSight } from '#proxmox/hidden.ts';
import { type Marker, type Ownership, readOwnership } from '#proxmox/marker.ts';
import { listVms, type Resources, readResources, withNewVms } from '#proxmox/resources.ts';
import type { VmStatus } from '#proxmox/vm-rows.ts';
import { readStatus, readVm, type Vm } from '#proxmox/vms.ts';

/** A VM that a person named, with its configuration and state read just now, and what the cluster's list said. */
export interface Found extends Vm {
  readonly config: VmConfig;
  /** Whose it is by its marker. */
  readonly ownership: Ownership;
  readonly now: VmStatus;
  readonly resources: Resources;
}

/**
 * The VM with this name or VMID. The cluster's list tells where it is; as names in it may be 10 s old, nodes are asked for theirs before it is said that
 * there is none. Throws a `UserError` when there is none, or more than one.
 *
 * GET /cluster/resources, GET /nodes/{node}/qemu/{vmid}/config, GET /nodes/{node}/qemu/{vmid}/status/current
 */
export async function findVm(cluster: Cluster, wanted: string): Promise<Found> {
  const listed = await readResources(cluster.api);
  const byNumber = listed.vms.some(({ vmid }) => String(vmid) === wanted);
  const resources = byNumber ? listed : await withNewVms(cluster, listed);
  const [vm, ...more] = resources.vms.filter((one) => !one.template && isCalled(wanted, resources.vms)(one));
  const read = vm && more.length === 0 ? await readNow(cluster, vm) : undefined;
  // It may have got another name in the meantime.
  if (vm && read && isCalled(wanted, resources.vms)({ ...vm, ...nameOf(read.config) })) {
    return found(cluster, vm, read, resources);
  }
  const { vms } = await listVms(cluster, resources);
  const late = await pick(cluster, wanted, vms);
  const again = await readNow(cluster, late);
  if (!again) throw new UserError(`VM ${late.vmid} (${wanted}) is gone from ${late.node}.`, { hint: '/vm list' });
  return found(cluster, late, again, { ...resources, vms });
}

async function found(cluster: Cluster, vm: Vm, { config, now }: Read, resources: Resources): Promise<Found> {
  const named = { ...vm, ...nameOf(config), ...stateOf(now) };
  return { ...named, config, now, resources, ownership: await ownershipOf(cluster, named, config, resources) };
}

/** Whether one of these VMs is meant: a VMID wins over a name, since in Proxmox itself a VM may be called 105. */
function isCalled(wanted: string, vms: readonly Pick<Vm, 'vmid'>[]): (vm: Pick<Vm, 'vmid' | 'name'>) => boolean {
  if (vms.some(({ vmid }) => String(vmid) === wanted)) return ({ vmid }) => String(vmid) === wanted;
  return ({ name }) => name?.toLowerCase() === wanted.toLowerCase();
}

/** The one VM that is called so, and is no template. */
async function pick(cluster: Cluster, wanted: string, all: readonly Vm[]): Promise<Vm> {
  const vms = all.filter((vm) => !vm.template);
  const fitting = vms.filter(isCalled(wanted, all));
  const [vm] = fitting;
  if (!vm) {
    const template = all.find(isCalled(wanted, all));
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
  return vm;
}

type Read = Pick<Found, 'config' | 'now'>;

async function readNow(cluster: Cluster, { node, vmid }: Vm): Promise<Read | undefined> {
  const { api } = cluster;
  const [config, now] = await askOneNode(cluster, node, (late) =>
    Promise.all([readVm(api, node, vmid, late), readStatus(api, node, vmid, late)]),
  );
  return config && now && { config, now };
}

const nameOf = ({ name }: VmConfig) => (name === undefined ? {} : { name });
const stateOf = ({ status, uptime, lock }: VmStatus) => ({ status, uptime, ...(lock === undefined ? {} : { lock }) });

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

async function ownershipOf(
  cluster: Cluster,
  { vmid, name }: Vm,
  config: VmConfig,
  resources: Resources,
): Promise<Ownership> {
  const found = readOwnership(vmid, config, cluster.settings.vmids);
  if (found.state !== 'ours' || found.marker.vmid !== undefined) return found;
  // An older marker names no VM: of two with the same name, either may be the copy. The names must be those of now.
  const { vms } = await listVms(cluster, resources);
  const twin = vms.find((other) => other.vmid !== vmid && other.name === name);
  if (!twin) return found;
  const why = `its marker is one of an older version, and VM ${twin.vmid} has the same name`;
  return { state: 'unproven', marker: found.marker, why };
}

/** Plans once more when a VM is not where the cluster had it a moment ago: it was moved while it was looked at. */
export async function unlessMoved<T>(plan: () => Promise<T>): Promise<T> {
  try {
    return await plan();
  } catch (error) {
    if (!(error instanceof ProxmoxError) || error.kind !== 'missing') throw error;
    return plan();
  }
}
