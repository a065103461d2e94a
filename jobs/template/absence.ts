import { askNodes } from '#proxmox/ask-nodes.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import type { VmConfig } from '#proxmox/config.ts';
import type { Resources } from '#proxmox/resources.ts';
import { isFree } from '#proxmox/vmids.ts';
import { readVm, type Vm } from '#proxmox/vms.ts';
import type { Settings } from '../settings.ts';
import { catalogEntry } from './catalog.ts';
import { recognise } from './find.ts';

/** Why a template of the catalog can't be cloned although it may be thought to be there. */
export interface Absence {
  /** A sentence. */
  readonly text: string;
  /** What to do: a sentence or a command. */
  readonly next: string;
}

/**
 * Looks closer at what the catalog calls `name` when no template of that name can be cloned. Undefined when there is
 * simply none yet, and when it may be on one of the nodes that were `silent`.
 */
export async function whyAbsent(
  cluster: Cluster,
  settings: Settings,
  name: string,
  resources: Resources,
  silent: readonly string[] = [],
): Promise<Absence | undefined> {
  const entry = catalogEntry(settings, name);
  const offline = new Set(resources.nodes.flatMap(({ node, online }) => (online ? [] : node)));
  const vms = resources.vms.filter(({ node }) => !silent.includes(node));
  if ('vmid' in entry) {
    const vm = resources.vms.find(({ vmid }) => vmid === entry.vmid);
    if (!vm) return whyNoSuchVm(cluster, name, entry.vmid);
    if (!vms.includes(vm)) return undefined;
    return offline.has(vm.node) ? away(name, vm) : whyUnfit(cluster, name, vm);
  }
  const gone = vms.find((vm) => vm.template && offline.has(vm.node) && vm.name === name);
  if (gone) return away(name, gone);
  for (const vm of vms.filter(({ template, node }) => template && !offline.has(node))) {
    const config = await readInTime(cluster, vm);
    if (!config || config.disks.length > 0 || recognise(cluster, settings, vm.vmid, config)?.name !== name) continue;
    return { text: noDisk(name, vm), next: 'Remove it in Proxmox, and build it anew.' };
  }
  return undefined;
}

const right = 'Put its vmid right in the catalog';

async function whyNoSuchVm({ api }: Cluster, name: string, vmid: number): Promise<Absence> {
  if (await isFree(api, vmid))
    return { text: `${name} is VM ${vmid} by the catalog, and there is no such VM.`, next: `${right}.` };
  return {
    text: `${name} is VM ${vmid} by the catalog, and that is a container, or a VM that the token may not see.`,
    next: `${right}, or give the token VM.Audit and VM.Clone on /vms/${vmid}: /bot doctor prints the line.`,
  };
}

async function whyUnfit(cluster: Cluster, name: string, vm: Vm): Promise<Absence | undefined> {
  const { vmid, node } = vm;
  const config = await readInTime(cluster, vm);
  if (!config) return undefined;
  if (!config.template) {
    return {
      text: `${name} is VM ${vmid} by the catalog, and ${config.name ?? 'that'} on ${node} is no template.`,
      next: `${right}, or make it one when it is meant to be: qm template ${vmid}`,
    };
  }
  if (config.disks.length > 0) return undefined;
  return { text: noDisk(name, vm), next: `${right}, or give it a disk.` };
}

async function readInTime(cluster: Cluster, { node, vmid }: Vm): Promise<VmConfig | undefined> {
  const { answers } = await askNodes(cluster, [node], (one, signal) => readVm(cluster.api, one, vmid, signal));
  return answers.get(node);
}

const away = (name: string, { vmid, node }: Vm): Absence => ({
  text: `${name} is VM ${vmid} on ${node}, which is offline.`,
  next: 'It can be used when its node is back.',
});

const noDisk = (name: string, { vmid, node }: Vm) => `Template ${name} (VM ${vmid} on ${node}) has no disk.`;
