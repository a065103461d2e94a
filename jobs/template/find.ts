import { own } from '#base/own.ts';
import type { Look } from '#jobs/engine/world.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import type { VmConfig } from '#proxmox/config.ts';
import { requireSight } from '#proxmox/hidden.ts';
import { readOwnership } from '#proxmox/marker.ts';
import { listStorages } from '#proxmox/storage.ts';
import { listVms, readVm } from '#proxmox/vms.ts';
import type { Settings } from '../settings.ts';
import { catalogEntry } from './catalog.ts';

/** A template that stands in Proxmox. */
export type Template = {
  readonly name: string;
  readonly vmid: number;
  readonly node: string;
  /** The user that cloud-init makes. */
  readonly user: string;
  /** The drive it boots from: `scsi0`. */
  readonly disk: string;
  readonly diskGiB: number;
  /** Its disk can be read from every node. */
  readonly shared: boolean;
  /** SHA256 of the vendor's image; empty for templates made by hand. */
  readonly image: string;
};

/**
 * All templates of the cluster with this catalog name. Throws a `UserError` when the catalog has no such name,
 * and when there is none that the token may see, but may be one.
 */
export async function findTemplates(look: Pick<Look, 'cluster' | 'settings'>, name: string): Promise<Template[]> {
  const entry = catalogEntry(look.settings, name);
  const found = await listTemplates(look.cluster, look.settings);
  const fitting = found.filter((template) => ('vmid' in entry ? template.vmid === entry.vmid : template.name === name));
  if (fitting.length === 0) await requireSight(look.cluster, `a template ${name}`);
  return fitting;
}

/** Every template of the cluster that the catalog knows and that can be cloned now: those of nodes that are offline can't be. Throws a
 * `UserError` when the token may see none. */
export async function listTemplates(cluster: Cluster, settings: Settings): Promise<Template[]> {
  const vms = (await listVms(cluster.api)).filter((vm) => vm.template && vm.status !== 'unknown');
  if (vms.length === 0) await requireSight(cluster, 'a template');
  const shared = new Set<string>();
  for (const node of new Set(vms.map((vm) => vm.node))) {
    for (const one of await listStorages(cluster.api, node)) if (one.shared) shared.add(one.storage);
  }
  const configs = await Promise.all(
    vms.map(async (vm) => ({ vm, config: await readVm(cluster.api, vm.node, vm.vmid) })),
  );
  return configs.flatMap(({ vm, config }) => {
    const known = config && recognise(cluster, settings, vm.vmid, config);
    const disk = config?.disks.find(({ key }) => key === config.bootDisk) ?? config?.disks[0];
    if (!known || !disk) return [];
    const storage = disk.volid.split(':')[0] ?? '';
    return [
      { ...known, vmid: vm.vmid, node: vm.node, disk: disk.key, diskGiB: disk.sizeGiB, shared: shared.has(storage) },
    ];
  });
}

/** The template to clone for a VM on this node: its own first, then one on shared storage. */
export function templateFor(templates: readonly Template[], node: string): Template | undefined {
  return templates.find((one) => one.node === node) ?? templates.find((one) => one.shared);
}

function recognise(
  cluster: Cluster,
  settings: Settings,
  vmid: number,
  config: VmConfig,
): { name: string; user: string; image: string } | undefined {
  for (const [name, entry] of Object.entries(settings.templates)) {
    if ('vmid' in entry && entry.vmid === vmid) return { name, user: entry.user, image: '' };
  }
  // A clone of a template of ours carries its notes, and may be anything by now.
  const ownership = readOwnership(vmid, config, cluster.settings.vmids);
  const marker = ownership.state === 'ours' ? ownership.marker : undefined;
  const name = marker?.template;
  const entry = name === undefined ? undefined : own(settings.templates, name);
  return name !== undefined && entry ? { name, user: entry.user, image: marker?.image ?? '' } : undefined;
}
