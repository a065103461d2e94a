import type { Cluster } from './cluster.ts';
import { engineVolume, storageOf } from './drive.ts';
import { died } from './problem.ts';
import type { State, StorageSpec, VolumeRecord } from './state.ts';

/** The volume as this node sees it: its own, or one on shared storage. */
export function findVolume(state: State, volid: string, node: string): VolumeRecord | undefined {
  return state.volumes.find((volume) => volume.volid === volid && (volume.node ?? node) === node);
}

/** The storage of this name; 500 as Proxmox says it when there is none or it is switched off. */
export function findStorage(state: State, name: string): StorageSpec {
  const found = state.storages.find((storage) => storage.storage === name);
  if (!found) throw died(`storage '${name}' does not exist`);
  return found;
}

export function enabledStorage(state: State, name: string): StorageSpec {
  const found = findStorage(state, name);
  if (found.disabled) throw died(`storage '${name}' is disabled`);
  return found;
}

/** `node` for a storage that each node has for itself, undefined for a shared one. */
function placeOf(storage: StorageSpec, node: string): string | undefined {
  return storage.shared ? undefined : node;
}

/** The next free `vm-100-disk-N` on this storage. */
export function nextDiskVolid(
  cluster: Cluster,
  storage: StorageSpec,
  node: string,
  vmid: number,
  format: string,
): string {
  for (let number = 0; ; number++) {
    const taken = ['vm', 'base'].some((kind) =>
      cluster.state.volumes.some(
        (volume) =>
          volume.storage === storage.storage &&
          (volume.node ?? node) === node &&
          volume.volid.includes(`:${vmid}/${kind}-${vmid}-disk-${number}.`),
      ),
    );
    if (!taken) return `${storage.storage}:${vmid}/vm-${vmid}-disk-${number}.${format}`;
  }
}

/** Where the file lies on its node, as task logs print it. */
export function pathOf(state: State, volid: string): string {
  const storage = findStorage(state, storageOf(volid));
  const name = volid.slice(volid.indexOf(':') + 1);
  if (/^\d+\//.test(name)) return `${storage.path}/images/${name}`;
  return `${storage.path}/${name.replace(/^(iso|vztmpl)\//, (_, kind) => `template/${kind === 'iso' ? 'iso' : 'cache'}/`)}`;
}

/** What `qemu-img create` prints into a task's log. */
export function formattingLine(state: State, volume: Pick<VolumeRecord, 'volid' | 'format' | 'size'>): string {
  const path = pathOf(state, volume.volid);
  if (volume.format === 'raw') return `Formatting '${path}', fmt=raw size=${volume.size} preallocation=off`;
  const details = 'cluster_size=65536 extended_l2=off preallocation=metadata compression_type=zlib';
  return `Formatting '${path}', fmt=${volume.format} ${details} size=${volume.size} lazy_refcounts=off refcount_bits=16`;
}

export interface NewVolume {
  readonly volid: string;
  readonly storage: StorageSpec;
  readonly node: string;
  readonly content: string;
  readonly format: string;
  readonly size: number;
  readonly used?: number;
  readonly vmid?: number;
  readonly parent?: string;
  readonly checksum?: string;
}

/** Writes a volume into the tables, replacing one of the same name; the bytes are the engine's. */
export function recordVolume(cluster: Cluster, volume: NewVolume): VolumeRecord {
  const node = placeOf(volume.storage, volume.node);
  const record: VolumeRecord = {
    volid: volume.volid,
    storage: volume.storage.storage,
    node,
    content: volume.content,
    format: volume.format,
    size: volume.size,
    used: volume.used ?? volume.size,
    vmid: volume.vmid,
    parent: volume.parent,
    checksum: volume.checksum,
    ctime: Math.floor(Date.now() / 1000),
  };
  forgetVolume(cluster, record);
  cluster.state.volumes.push(record);
  cluster.file.save();
  return record;
}

/** Takes a volume out of the tables and off the disk; missing already is fine. */
export async function removeVolume(cluster: Cluster, record: VolumeRecord): Promise<void> {
  if (!record.volid.includes('-cloudinit.')) await cluster.engine.removeVolume(engineVolume(record));
  forgetVolume(cluster, record);
  cluster.file.save();
}

/** Linked clones whose disks lie on this base volume. */
export function clonesOf(state: State, base: VolumeRecord): VolumeRecord[] {
  return state.volumes.filter((volume) => volume.parent === base.volid && volume.node === base.node);
}

function forgetVolume(cluster: Cluster, record: Pick<VolumeRecord, 'volid' | 'node'>): void {
  const { state } = cluster;
  state.volumes = state.volumes.filter((other) => other.volid !== record.volid || other.node !== record.node);
}
