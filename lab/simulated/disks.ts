import { setTimeout as sleep } from 'node:timers/promises';
import type { DiskEngine, Volume } from '../engine.ts';
import { type Image, readImage, type System } from './image.ts';
import type { Times } from './times.ts';

/** A volume's content: the bytes that were stored, or a disk with a size and a system. */
export interface Disk {
  size: number;
  /** What was stored as a file (an ISO, an image); empty for a disk of its own. */
  bytes: Buffer;
  system: System | undefined;
  /** What its snapshots keep, by their names. */
  snapshots?: Record<string, Kept>;
}

interface Kept {
  readonly size: number;
  readonly system: System | undefined;
}

/** All volumes of the simulated engine. */
export interface Disks extends DiskEngine {
  find(volume: Volume): Disk | undefined;
  /** Every volume by its key, for keeping and bringing back. */
  readonly all: Map<string, Disk>;
}

/** Volumes in memory; copying and linking take as long as `times` says. */
export function makeDisks(times: Times, all: Map<string, Disk>): Disks {
  const find = (volume: Volume) => all.get(keyOf(volume));
  const mustFind = (volume: Volume): Disk => {
    const disk = find(volume);
    if (!disk) throw new Error(`volume '${volume.volid}' does not exist`);
    return disk;
  };

  return {
    all,
    find,
    async store(volume, bytes) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      const whole = Buffer.concat(chunks);
      all.set(keyOf(volume), { size: whole.length, bytes: whole, system: undefined });
      return whole.length;
    },
    async inspect(volume) {
      const disk = mustFind(volume);
      if (disk.bytes.length === 0) return { format: 'qcow2', virtualSize: disk.size, actualSize: 4096 };
      const image = imageIn(volume, disk);
      return { format: image.format, virtualSize: image.virtualSize, actualSize: disk.bytes.length };
    },
    async createDisk(volume, bytes) {
      all.set(keyOf(volume), { size: bytes, bytes: Buffer.alloc(0), system: undefined });
    },
    async copyDisk(from, to, onProgress, signal) {
      const source = mustFind(from);
      for (const fraction of [0.25, 0.5, 0.75, 1]) {
        await sleep(times.copyMs / 4, undefined, { signal }).catch(() => {
          throw new Error('copy failed: interrupted by signal');
        });
        onProgress(fraction);
      }
      all.set(keyOf(to), copyOf(from, source));
    },
    async linkDisk(base, to) {
      await sleep(times.linkMs);
      all.set(keyOf(to), copyOf(base, mustFind(base)));
    },
    async resizeDisk(volume, bytes) {
      const disk = mustFind(volume);
      if (bytes < disk.size) throw new Error('shrinking disks is not supported');
      disk.size = bytes;
    },
    async renameDisk(from, to) {
      all.set(keyOf(to), mustFind(from));
      all.delete(keyOf(from));
    },
    async removeVolume(volume) {
      all.delete(keyOf(volume));
    },
    async snapshotDisk(volume, name) {
      const disk = mustFind(volume);
      disk.snapshots = { ...disk.snapshots, [name]: { size: disk.size, system: structuredClone(disk.system) } };
    },
    async rollbackDisk(volume, name) {
      const disk = mustFind(volume);
      Object.assign(disk, structuredClone(keptIn(disk, name)));
    },
    async dropSnapshot(volume, name) {
      const { [name]: _, ...others } = mustFind(volume).snapshots ?? {};
      mustFind(volume).snapshots = others;
    },
  };
}

/** A copy of an image is the disk that the image describes. */
function copyOf(volume: Volume, disk: Disk): Disk {
  const { size, system } = volume.snapshot === undefined ? disk : keptIn(disk, volume.snapshot);
  if (disk.bytes.length === 0) return { size, bytes: disk.bytes, system: structuredClone(system) };
  const image = imageIn(volume, disk);
  return { size: image.virtualSize, bytes: Buffer.alloc(0), system: image.system };
}

function keptIn(disk: Disk, name: string): Kept {
  const kept = disk.snapshots?.[name];
  if (!kept) throw new Error(`snapshot '${name}' does not exist`);
  return kept;
}

function imageIn(volume: Volume, disk: Disk): Image {
  const image = readImage(disk.bytes, disk.size);
  if (volume.volid.endsWith('.qcow2') && image.format !== 'qcow2') throw new Error('Image is not in qcow2 format');
  return image;
}

function keyOf(volume: Volume): string {
  return `${volume.node ?? '*'} ${volume.volid}`;
}
