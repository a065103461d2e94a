import { readAddresses } from '#proxmox/agent.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import { isTooLong } from '#proxmox/errors.ts';
import { requireSight } from '#proxmox/hidden.ts';
import { listVms, readResources, type VmList } from '#proxmox/resources.ts';
import { standstill } from '#proxmox/standstill.ts';
import { readStatus, type Vm } from '#proxmox/vms.ts';
import { type Found, findVm } from './machines.ts';

// Made once: comparing with options given each time makes one for each pair of names.
const byName = new Intl.Collator('en', { numeric: true });

/**
 * Every VM of the cluster that is no template, by name; `unknown` are those of nodes that are away or `silent`. Throws a
 * `UserError` when the token may see none.
 */
export async function listMachines(cluster: Cluster): Promise<VmList> {
  const { vms, silent } = await listVms(cluster);
  const machines = sorted(vms);
  if (machines.length === 0) await requireSight(cluster, 'a VM');
  return { vms: machines, silent };
}

/** The names of the cluster's VMs, or the numbers of those without one, from its own list, which is up to 10 s old. */
export async function listNames({ api }: Cluster): Promise<string[]> {
  return sorted((await readResources(api)).vms).map(({ name, vmid }) => name ?? String(vmid));
}

function sorted(vms: readonly Vm[]): Vm[] {
  const machines = vms.filter((vm) => !vm.template);
  return machines.sort((a, b) => byName.compare(a.name ?? '', b.name ?? '') || a.vmid - b.vmid);
}

export interface Shown extends Found {
  readonly owner: string | undefined;
  readonly run: string | undefined;
  /** Why it is nobody's of ours although it carries a marker, as a clause: `it carries the marker of VM 5001`. */
  readonly notOurs: string | undefined;
  /** QEMU's own word for what it does: `running`, `io-error`, `paused` … Undefined when it is off. */
  readonly qmpstatus: string | undefined;
  /** What its guest agent says; empty when it is off or silent. */
  readonly addresses: readonly string[];
  /** Why its agent's answer is of no use, as a sentence's end: `the guest agent of VM 5000 floods: …` */
  readonly agentTrouble: string | undefined;
}

/** One VM with its configuration, who it was made for, and its addresses when its agent answers. */
export async function showMachine(cluster: Cluster, wanted: string, signal: AbortSignal): Promise<Shown> {
  const vm = await findVm(cluster, wanted);
  const { ownership } = vm;
  const marker = ownership.state === 'ours' ? ownership.marker : undefined;
  const notOurs = ownership.state === 'ours' || ownership.state === 'unmarked' ? undefined : ownership.why;
  const mac = vm.config.nets[0]?.mac;
  const status = vm.status === 'running' ? await readStatus(cluster.api, vm.node, vm.vmid) : undefined;
  // An agent that stands still would only cost its three seconds.
  const asks = status?.status === 'running' && standstill(status) === undefined;
  const said = asks && mac ? await askAgent(cluster, vm, mac, signal) : { addresses: [], agentTrouble: undefined };
  return { ...vm, owner: marker?.owner, run: marker?.run, notOurs, ...said, qmpstatus: status?.qmpstatus };
}

async function askAgent(
  cluster: Cluster,
  { node, vmid }: Found,
  mac: string,
  signal: AbortSignal,
): Promise<Pick<Shown, 'addresses' | 'agentTrouble'>> {
  try {
    return { addresses: await readAddresses(cluster, node, vmid, mac, signal), agentTrouble: undefined };
  } catch (error) {
    if (!isTooLong(error)) throw error;
    return { addresses: [], agentTrouble: error.message };
  }
}
