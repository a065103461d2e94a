import { own } from '#base/own.ts';
import type { Look } from '#jobs/engine/world.ts';
import { askNodes } from '#proxmox/ask-nodes.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import type { VmConfig } from '#proxmox/config.ts';
import { requireSight } from '#proxmox/hidden.ts';
import { readOwnership } from '#proxmox/marker.ts';
import { listVms, type Resources, readResources } from '#proxmox/resources.ts';
import { listStorages } from '#proxmox/storage.ts';
import type { Storage } from '#proxmox/storage-rows.ts';
import { placesOf } from '#proxmox/vm-volumes.ts';
import { readVm, type Vm } from '#proxmox/vms.ts';
import type { Settings } from '../settings.ts';
import { catalogEntry } from './catalog.ts';
import { type Flaw, flawsOf } from './flaws.ts';

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
  /** Where its volumes stand, as {@link placesOf} has them; left out of plans of older versions. */
  readonly volumesAt?: readonly string[];
  /** What it lacks; left out of plans of older versions. */
  readonly flaws?: readonly Flaw[];
};

/** A template of which it is not known yet whether other nodes can read its disk, which lies on `storage`. */
export type Candidate = Omit<Template, 'shared'> & { readonly storage: string };

/** What the cluster consists of, for whoever asks more than once. */
export const listResources = ({ api }: Pick<Cluster, 'api'>): Promise<Resources> => readResources(api);

/** What was found, and the nodes that did not answer in time, whose templates can't be used. */
export interface Found<T> {
  readonly templates: readonly T[];
  readonly silent: readonly string[];
}

/**
 * The templates with this catalog name, as far as the cluster's list shows them: it may be 10 s old, and of templates built by Botswain only those
 * are read that still have its name. Where that is too little {@link everyCandidate} looks at all. Throws a `UserError` when the catalog has no such name.
 */
export async function likelyCandidates(look: Sight, name: string, { vms }: Resources): Promise<Found<Candidate>> {
  const entry = catalogEntry(look.settings, name);
  const isLikely = (vm: Vm) => ('vmid' in entry ? vm.vmid === entry.vmid : vm.name === name);
  const { templates, silent } = await readTemplates(look.cluster, look.settings, vms.filter(isLikely));
  return { templates: templates.filter(isCalled(look.settings, name)), silent };
}

/**
 * All templates of the cluster with this catalog name, as nodes tell of them now. Throws a `UserError` when there is
 * none that the token may see, but may be one.
 */
export async function everyCandidate(look: Sight, name: string, resources: Resources): Promise<Found<Candidate>> {
  const { vms, silent } = await listVms(look.cluster, resources);
  const found = await readTemplates(look.cluster, look.settings, vms);
  const templates = found.templates.filter(isCalled(look.settings, name));
  if (templates.length === 0) await requireSight(look.cluster, `a template ${name}`);
  return { templates, silent: [...new Set([...silent, ...found.silent])] };
}

/** The same with whether their disks are shared. Throws a `UserError` when the catalog has no such name, too. */
export async function findTemplates(look: Sight, name: string, resources?: Resources): Promise<Found<Template>> {
  catalogEntry(look.settings, name);
  const { templates, silent } = await listTemplates(look.cluster, look.settings, resources);
  const fitting = templates.filter(isCalled(look.settings, name));
  if (fitting.length === 0) await requireSight(look.cluster, `a template ${name}`);
  return { templates: fitting, silent };
}

/**
 * Every template of the cluster that the catalog knows and that can be cloned now: those of nodes that are offline
 * can't be. Throws a `UserError` when the token may see none.
 */
export async function listTemplates(
  cluster: Cluster,
  settings: Settings,
  resources?: Resources,
): Promise<Found<Template>> {
  const { vms, silent } = await listVms(cluster, resources);
  if (silent.length === 0 && !vms.some(isUsable)) await requireSight(cluster, 'a template');
  const found = await readTemplates(cluster, settings, vms);
  const nodes = [...new Set(found.templates.map(({ node }) => node))];
  const heard = await askNodes(cluster, nodes, (node, signal) => listStorages(cluster.api, node, signal));
  const templates = found.templates.flatMap(({ storage, ...rest }) => {
    const storages = heard.answers.get(rest.node);
    return storages ? { ...rest, shared: storages.some((one) => one.storage === storage && one.shared) } : [];
  });
  return { templates, silent: [...new Set([...silent, ...found.silent, ...heard.silent])] };
}

/**
 * The template to clone for a VM on this node: its own first, then one on shared storage. `storages` are the node's; before they are known any template
 * may be one that it can read, as far as the cluster's list does not say otherwise.
 */
export function templateFor(
  candidates: readonly Candidate[],
  node: string,
  storages: readonly Storage[] | undefined,
  resources: Resources,
): Template | undefined {
  const isShared = (storage: string) => {
    const listed = resources.storages.find((one) => one.storage === storage)?.shared ?? storages === undefined;
    return storages?.find((one) => one.storage === storage)?.shared ?? listed;
  };
  const templates = candidates.map(({ storage, ...rest }) => ({ ...rest, shared: isShared(storage) }));
  return templates.find((one) => one.node === node) ?? templates.find((one) => one.shared);
}

const isUsable = ({ template, status }: Vm) => template && status !== 'unknown';

type Sight = Pick<Look, 'cluster' | 'settings'>;

/** Reads the configurations of those that are templates; of each node within its time limit. */
async function readTemplates(cluster: Cluster, settings: Settings, vms: readonly Vm[]): Promise<Found<Candidate>> {
  const byNode = Map.groupBy(vms.filter(isUsable), ({ node }) => node);
  const { answers, silent } = await askNodes(cluster, [...byNode.keys()], (node, signal) =>
    Promise.all(
      (byNode.get(node) ?? []).map(async ({ vmid }) => ({
        vmid,
        config: await readVm(cluster.api, node, vmid, signal),
      })),
    ),
  );
  const templates = [...answers].flatMap(([node, found]) =>
    found.flatMap(({ vmid, config }) => {
      const known = config && recognise(cluster, settings, vmid, config);
      const disk = config?.disks.find(({ key }) => key === config.bootDisk) ?? config?.disks[0];
      if (!known || !disk) return [];
      const storage = disk.volid.split(':')[0] ?? '';
      const flaws = flawsOf(`${known.name} (VM ${vmid} on ${node})`, vmid, config, cluster);
      const volumesAt = placesOf(config);
      return { ...known, vmid, node, disk: disk.key, diskGiB: disk.sizeGiB, storage, volumesAt, flaws };
    }),
  );
  return { templates: templates.sort((one, other) => one.vmid - other.vmid), silent };
}

function isCalled(settings: Settings, name: string): (template: { name: string; vmid: number }) => boolean {
  const entry = catalogEntry(settings, name);
  return (template) => ('vmid' in entry ? template.vmid === entry.vmid : template.name === name);
}

/** What the catalog calls a VM with this configuration. */
export function recognise(
  cluster: Cluster,
  settings: Settings,
  vmid: number,
  config: VmConfig,
): { name: string; user: string; image: string } | undefined {
  for (const [name, entry] of Object.entries(settings.templates)) {
    if ('vmid' in entry && entry.vmid === vmid) return { name, user: entry.user, image: '' };
  }
  // A clone of a template of ours carries its notes, and may be anything by now. So may a VM of ours that
  // somebody made a template: only one that was built names the image it was made from.
  const ownership = readOwnership(vmid, config, cluster.settings.vmids);
  const marker = ownership.state === 'ours' ? ownership.marker : undefined;
  const name = marker?.template;
  const entry = name === undefined ? undefined : own(settings.templates, name);
  const image = marker?.image;
  return name !== undefined && entry && image !== undefined ? { name, user: entry.user, image } : undefined;
}
