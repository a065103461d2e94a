import { z } from 'zod';
import type { Api } from './api.ts';
import { VmConfig } from './config.ts';
import { at, type Params } from './encode.ts';
import { ProxmoxError } from './errors.ts';
import { unlessMissing } from './missing.ts';
import { Done, Flag, rows } from './shapes.ts';
import { Upid } from './tasks.ts';
import { readVmRow, VmRow, VmStatus } from './vm-rows.ts';

/** A VM of the cluster, as lists show it. */
export interface Vm {
  readonly vmid: number;
  /** Missing while the VM is being copied, and when its node is away. */
  readonly name?: string;
  readonly node: string;
  readonly status: 'running' | 'stopped' | 'unknown';
  readonly template: boolean;
  /** Bytes. */
  readonly maxMemory: number;
  readonly cpus: number;
  /** Bytes, of the disk it boots from. */
  readonly maxDisk: number;
  readonly tags: readonly string[];
  /** The resource pool it is in; only the cluster's list tells. */
  readonly pool?: string;
  readonly lock?: string;
  /** Seconds. */
  readonly uptime?: number;
}

/**
 * The VMs of one node, templates too, as they are now.
 *
 * GET /nodes/{node}/qemu
 */
export async function listVmsOn(api: Api, node: string, signal?: AbortSignal): Promise<Vm[]> {
  const found = await api.get(at`/nodes/${node}/qemu`, rows(VmRow), undefined, signal ? { signal } : {});
  return found.map((row) => readVmRow(node, row));
}

/** Proxmox's own file system takes no file of more than 1 MiB, and as JSON it may be twice that. */
const mostOfOneVm = 2 * 1024 ** 2;

/**
 * A VM's configuration; undefined when there is no such VM on that node.
 *
 * GET /nodes/{node}/qemu/{vmid}/config
 */
export function readVm(api: Api, node: string, vmid: number, signal?: AbortSignal): Promise<VmConfig | undefined> {
  const options = { mostBytes: mostOfOneVm, ...(signal ? { signal } : {}) };
  return unlessMissing(api.get(at`/nodes/${node}/qemu/${vmid}/config`, VmConfig, undefined, options));
}

/**
 * A VM's state; undefined when there is no such VM on that node.
 *
 * GET /nodes/{node}/qemu/{vmid}/status/current
 */
export function readStatus(api: Api, node: string, vmid: number, signal?: AbortSignal): Promise<VmStatus | undefined> {
  const options = signal ? { signal } : {};
  return unlessMissing(api.get(at`/nodes/${node}/qemu/${vmid}/status/current`, VmStatus, undefined, options));
}

/**
 * Whether the VM's disks allow linked clones.
 *
 * GET /nodes/{node}/qemu/{vmid}/feature?feature=clone
 */
export async function cloneFeature(api: Api, node: string, vmid: number): Promise<boolean> {
  const shape = z.object({ hasFeature: Flag });
  return (await api.get(at`/nodes/${node}/qemu/${vmid}/feature`, shape, { feature: 'clone' })).hasFeature;
}

/**
 * Clones a VM or template. The new VM has `lock: clone` until the task ends, and shows its name and description only some time
 * after it began. A linked clone stays on its template's storage; `storage` is for full ones only. `target` needs disks on shared storage.
 *
 * POST /nodes/{node}/qemu/{source}/clone
 */
export async function cloneVm(api: Api, request: CloneRequest): Promise<Upid> {
  const { node, source, vmid, ...rest } = request;
  return api.post(at`/nodes/${node}/qemu/${source}/clone`, Upid, { newid: vmid, ...rest });
}

/** Every VM option besides is passed on as Proxmox names it. */
export type CreateRequest = Params & { readonly node: string; readonly vmid: number; readonly name: string };

export interface CloneRequest {
  /** The node of the VM that is cloned. */
  readonly node: string;
  /** The VMID of the VM that is cloned. */
  readonly source: number;
  /** The new VM's. */
  readonly vmid: number;
  readonly name: string;
  readonly description: string;
  readonly full: boolean;
  readonly storage?: string;
  readonly target?: string;
  readonly pool?: string;
}

/**
 * Makes a VM. One that fails leaves nothing behind.
 *
 * POST /nodes/{node}/qemu
 */
export async function createVm(api: Api, { node, ...params }: CreateRequest): Promise<Upid> {
  return api.post(at`/nodes/${node}/qemu`, Upid, params);
}

/**
 * Sets options of a VM at once; `delete` takes some away. For anything that makes or moves a disk use {@link changeConfig}: what takes longer
 * than 30 s has no certain answer. With `digest`, refused when the configuration has changed since it was read. A new CD drive and `boot` must
 * not go in one call: Proxmox loses the latter.
 *
 * PUT /nodes/{node}/qemu/{vmid}/config
 */
export async function setConfig(api: Api, node: string, vmid: number, params: Params, digest?: string): Promise<void> {
  await api.put(at`/nodes/${node}/qemu/${vmid}/config`, Done, { ...params, digest });
}

/**
 * Sets options of a VM in a task.
 *
 * POST /nodes/{node}/qemu/{vmid}/config
 */
export async function changeConfig(
  api: Api,
  node: string,
  vmid: number,
  params: Params,
  digest?: string,
): Promise<Upid> {
  return api.post(at`/nodes/${node}/qemu/${vmid}/config`, Upid, { ...params, digest });
}

/**
 * Grows a disk to `sizeGiB` in all; the same size again changes nothing, a smaller one is an error. Null when it was done at once (Proxmox 7).
 *
 * PUT /nodes/{node}/qemu/{vmid}/resize
 */
export async function resizeDisk(
  api: Api,
  node: string,
  vmid: number,
  disk: string,
  sizeGiB: number,
): Promise<Upid | null> {
  return api.put(at`/nodes/${node}/qemu/${vmid}/resize`, Upid.nullable(), { disk, size: `${sizeGiB}G` });
}

/** POST /nodes/{node}/qemu/{vmid}/status/start. The task of a VM that runs already fails with kind `running`. */
export const startVm = (api: Api, node: string, vmid: number): Promise<Upid> => power(api, node, vmid, 'start');

/**
 * Pulls the plug. A shutdown that is under way is ended first, or this would wait for its lock and fail; Proxmox before
 * 8.1 knows no such option, and is asked without it then.
 *
 * POST /nodes/{node}/qemu/{vmid}/status/stop
 */
export async function stopVm(api: Api, node: string, vmid: number): Promise<Upid> {
  try {
    return await power(api, node, vmid, 'stop', { 'overrule-shutdown': true });
  } catch (error) {
    if (!(error instanceof ProxmoxError) || error.fields['overrule-shutdown'] === undefined) throw error;
    return power(api, node, vmid, 'stop');
  }
}

/** Presses the reset button. POST /nodes/{node}/qemu/{vmid}/status/reset */
export const resetVm = (api: Api, node: string, vmid: number): Promise<Upid> => power(api, node, vmid, 'reset');

/**
 * Reboots from within. The task ends while the VM is off; Proxmox starts it again some seconds later.
 *
 * POST /nodes/{node}/qemu/{vmid}/status/reboot
 */
export const rebootVm = (api: Api, node: string, vmid: number): Promise<Upid> => power(api, node, vmid, 'reboot');

/**
 * Asks the guest to power off, and pulls the plug after `timeoutS` seconds when `forceStop` says so. The task fails with kind `guest timeout` otherwise.
 *
 * POST /nodes/{node}/qemu/{vmid}/status/shutdown
 */
export const shutdownVm = (
  api: Api,
  node: string,
  vmid: number,
  { timeoutS, forceStop }: { timeoutS: number; forceStop: boolean },
): Promise<Upid> => power(api, node, vmid, 'shutdown', { timeout: timeoutS, forceStop });

/**
 * Removes a stopped VM with the volumes that its configuration names (`readVolumes` tells which), and every mention of it in backup jobs, HA and
 * permissions. Other volumes with its number stay: they may be another cluster's. See `requireOurs` first.
 *
 * DELETE /nodes/{node}/qemu/{vmid}
 */
export async function destroyVm(api: Api, node: string, vmid: number): Promise<Upid> {
  const query = { purge: true, 'destroy-unreferenced-disks': false };
  return api.del(at`/nodes/${node}/qemu/${vmid}`, Upid, query);
}

/**
 * Makes a stopped VM a template, its disks base images.
 *
 * POST /nodes/{node}/qemu/{vmid}/template
 */
export async function convertVm(api: Api, node: string, vmid: number): Promise<Upid> {
  return api.post(at`/nodes/${node}/qemu/${vmid}/template`, Upid);
}

async function power(api: Api, node: string, vmid: number, action: string, params?: Params): Promise<Upid> {
  return api.post(at`/nodes/${node}/qemu/${vmid}/status/${action}`, Upid, params);
}
