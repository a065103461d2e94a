import type { Api } from './api.ts';
import type { Cluster } from './cluster.ts';
import type { VmConfig } from './config.ts';
import { mayBeHiddenCopy, refuseDeadCopy } from './copies.ts';
import { ProxmoxError } from './errors.ts';
import { locateVm } from './locate.ts';
import { isMadeBy, readOwnership, sameUuid } from './marker.ts';
import { notThere } from './missing.ts';
import { readVm } from './vms.ts';

/** The part of a cluster that tells whose its VMs are. */
type Place = Pick<Cluster, 'api'> & { readonly settings: Pick<Cluster['settings'], 'vmids'> };

/**
 * Whose the VM with this number is, and on which node it is now. While it is being copied it shows neither name nor description (`copying`), and
 * stands on the source's node even when another is its target. Throws a `ProxmoxError` of kind `locked` when a copy was left half done: only root
 * can remove that.
 *
 * GET /nodes/{node}/qemu/{vmid}/config, GET /cluster/resources, GET /nodes/{node}/tasks, GET /cluster/tasks
 */
export async function whoseVm(
  api: Api,
  node: string,
  vmid: number,
  run: string,
): Promise<{ readonly whose: 'ours' | 'copying' | 'foreign' | 'missing'; readonly node: string }> {
  const there = await readAnywhere(api, node, vmid);
  if (!there) return { whose: (await mayBeHiddenCopy(api, node, vmid)) ? 'copying' : 'missing', node };
  const { config } = there;
  if (config.lock === 'clone' || config.lock === 'create') {
    await refuseDeadCopy(api, there.node, vmid);
    return { whose: 'copying', node: there.node };
  }
  return { whose: isMadeBy(run, vmid, config) ? 'ours' : 'foreign', node: there.node };
}

/**
 * Reads a VM once more, just before something that can't be taken back, and answers its configuration. Throws a `ProxmoxError` of kind `missing` when it
 * is gone, and one of kind `protected` when it is not the VM that was meant: without a marker that names it, of another run, or with another SMBIOS UUID.
 *
 * GET /nodes/{node}/qemu/{vmid}/config
 */
export async function requireOurs(
  { api, settings }: Place,
  node: string,
  vmid: number,
  expected: { readonly run?: string; readonly uuid?: string },
): Promise<VmConfig> {
  const config = await readVm(api, node, vmid);
  if (!config) throw notThere(api.cluster, node, vmid);
  const why = foreign(settings.vmids, vmid, config, expected);
  if (why !== undefined) throw leftAlone(api, node, vmid, config, why);
  return config;
}

/**
 * Reads a VM once more, just before it is changed: it must have this SMBIOS UUID, and may be anybody's. Throws as {@link requireOurs} does.
 *
 * GET /nodes/{node}/qemu/{vmid}/config
 */
export async function requireSame(api: Api, node: string, vmid: number, uuid: string): Promise<VmConfig> {
  const config = await readVm(api, node, vmid);
  if (!config) throw notThere(api.cluster, node, vmid);
  if (!sameUuid(uuid, config.smbiosUuid)) throw leftAlone(api, node, vmid, config, otherUuid);
  return config;
}

function foreign(
  vmids: Cluster['settings']['vmids'],
  vmid: number,
  config: VmConfig,
  { run, uuid }: { run?: string; uuid?: string },
): string | undefined {
  const found = readOwnership(vmid, config, vmids);
  if (run === undefined || !isMadeBy(run, vmid, config)) {
    if (found.state !== 'ours') return found.why;
    if (run !== undefined) return `it was made by run ${found.marker.run}, not by ${run}`;
  }
  if (uuid !== undefined && !sameUuid(uuid, config.smbiosUuid)) return otherUuid;
  return undefined;
}

const otherUuid = 'its SMBIOS UUID is another one';

function leftAlone(api: Api, node: string, vmid: number, config: VmConfig, why: string): ProxmoxError {
  return new ProxmoxError(api.cluster, `VM ${vmid} on ${node} (${config.name ?? 'no name'}) is left alone: ${why}`, {
    kind: 'protected',
    outcome: 'permanent',
    hint: 'Its number was probably given to another VM since. Look at it in Proxmox.',
  });
}

async function readAnywhere(
  api: Api,
  node: string,
  vmid: number,
): Promise<{ node: string; config: VmConfig } | undefined> {
  const here = await readVm(api, node, vmid).catch((error: unknown) => {
    // HA brings the VM of a node that fails to another one.
    if (error instanceof ProxmoxError && error.kind === 'node down') return error;
    throw error;
  });
  if (here && !(here instanceof ProxmoxError)) return { node, config: here };
  const elsewhere = await locateVm(api, vmid);
  if (here && (elsewhere === undefined || elsewhere === node)) throw here;
  const config = elsewhere === undefined ? undefined : await readVm(api, elsewhere, vmid);
  return elsewhere === undefined || !config ? undefined : { node: elsewhere, config };
}
