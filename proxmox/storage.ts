import { createHash } from 'node:crypto';
import type { Outcome } from '#base/errors.ts';
import type { Api } from './api.ts';
import { at } from './encode.ts';
import { ProxmoxError } from './errors.ts';
import { rows } from './shapes.ts';
import { type Storage, StorageRow, type Volume, VolumeRow } from './storage-rows.ts';
import { Upid } from './tasks.ts';

/**
 * The storages of a node that the token may see.
 *
 * GET /nodes/{node}/storage
 */
export async function listStorages(api: Api, node: string, signal?: AbortSignal): Promise<Storage[]> {
  return api.get(at`/nodes/${node}/storage`, rows(StorageRow), undefined, signal ? { signal } : {});
}

/**
 * One storage of a node. Asking makes Proxmox activate it.
 *
 * GET /nodes/{node}/storage/{storage}/status
 */
async function storageStatus(api: Api, node: string, storage: string): Promise<Storage> {
  const row = await api.get(at`/nodes/${node}/storage/${storage}/status`, StorageRow);
  return { ...row, storage };
}

/**
 * What a storage holds, of one kind or all, and only of the VM `vmid` when that is given.
 *
 * GET /nodes/{node}/storage/{storage}/content
 */
export async function listContent(
  api: Api,
  node: string,
  storage: string,
  content?: string,
  { vmid, ...options }: { readonly vmid?: number; readonly signal?: AbortSignal } = {},
): Promise<Volume[]> {
  return api.get(at`/nodes/${node}/storage/${storage}/content`, rows(VolumeRow), { content, vmid }, options);
}

/**
 * The node downloads a file and checks it. With the same checksum a file that is there already is fine; a wrong one leaves nothing behind. Needs Proxmox VE 8.3 for
 * `import`.
 *
 * POST /nodes/{node}/storage/{storage}/download-url
 */
export async function downloadUrl(api: Api, request: DownloadRequest): Promise<Upid> {
  const { node, storage, algorithm, ...rest } = request;
  const params = { ...rest, 'checksum-algorithm': algorithm };
  return api.post(at`/nodes/${node}/storage/${storage}/download-url`, Upid, params);
}

export interface DownloadRequest {
  readonly node: string;
  readonly storage: string;
  readonly content: 'import' | 'iso';
  readonly url: string;
  readonly filename: string;
  /** Hexadecimal. */
  readonly checksum: string;
  readonly algorithm: 'sha256' | 'sha512';
}

/**
 * Uploads an ISO whose name belongs to its bytes; the node checks what arrived. Null when it is there already.
 *
 * Proxmox closes the connection when its own answer takes more than 5 s, with the upload done or not. So the storage is woken up before, and after a lost
 * answer we look; when it is not there, the error's outcome is `passing`, as the same bytes under the same name may be sent again.
 *
 * GET /nodes/{node}/storage/{storage}/status, GET /nodes/{node}/storage/{storage}/content, POST /nodes/{node}/storage/{storage}/upload
 */
export async function uploadIso(api: Api, request: UploadRequest): Promise<Upid | null> {
  const { node, storage, filename, bytes } = request;
  const status = await storageStatus(api, node, storage);
  if (!status.active || !status.content.includes('iso')) throw unfit(api, request, status);
  if (await holds(api, request)) return null;
  const hex = createHash('sha256').update(bytes).digest('hex');
  const fields = { content: 'iso', checksum: { algorithm: 'sha256', hex } } as const;
  try {
    return await api.upload(at`/nodes/${node}/storage/${storage}/upload`, Upid, fields, { name: filename, bytes });
  } catch (cause) {
    if (!(cause instanceof ProxmoxError) || cause.outcome !== 'unknown') throw cause;
    if (await holds(api, request)) return null;
    throw new ProxmoxError(api.cluster, `${node} broke off the upload of ${filename}: ${cause.message}`, {
      kind: cause.kind,
      outcome: 'passing',
      hint: 'The node took more than 5 s to take the file over; a slow storage does that.',
      cause,
    });
  }
}

export interface UploadRequest {
  readonly node: string;
  readonly storage: string;
  /** Letters, digits, `_`, `.` and `-`; Proxmox replaces what else there is. */
  readonly filename: string;
  readonly bytes: Uint8Array;
}

/**
 * Removes a volume. Proxmox does so even when a VM uses it. Null when it was done at once; one that is not there is fine.
 *
 * DELETE /nodes/{node}/storage/{storage}/content/{volid}
 */
export async function deleteVolume(api: Api, node: string, storage: string, volid: string): Promise<Upid | null> {
  return api.del(at`/nodes/${node}/storage/${storage}/content/${volid}`, Upid.nullable());
}

async function holds(api: Api, { node, storage, filename, bytes }: UploadRequest): Promise<boolean> {
  const volumes = await listContent(api, node, storage, 'iso');
  return volumes.some(({ volid, size }) => volid === `${storage}:iso/${filename}` && size === bytes.length);
}

function unfit(api: Api, { node, storage }: UploadRequest, { enabled, active, content }: Storage): ProxmoxError {
  const fault = (why: string, outcome: Outcome, hint: string) =>
    new ProxmoxError(api.cluster, `the storage ${storage} ${why}`, { kind: 'storage', outcome, hint });
  if (!enabled) return fault('is disabled', 'permanent', `pvesm set ${storage} --disable 0`);
  if (!active) return fault(`is not active on ${node}`, 'passing', 'Is it mounted, and its server up?');
  const allow = `pvesm set ${storage} --content ${[...content, 'iso'].join(',')}`;
  return fault('does not take ISO images', 'permanent', `${allow}, or name another storage as storages.seeds.`);
}
