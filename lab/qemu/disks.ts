import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DiskEngine, Volume } from '../engine.ts';
import { runCommand } from './command.ts';
import { formatOf, readDiskImage } from './disk-image.ts';
import { type Places, volumeFile } from './places.ts';

/** The engine's volumes as files, handled by `qemu-img`. `resizeRunning` answers false when no machine has the file open. */
export function fileDisks(
  places: Places,
  resizeRunning: (file: string, bytes: number) => Promise<boolean>,
): DiskEngine {
  const fileOf = (volume: Volume) => volumeFile(places, volume);
  const read = (volume: Volume) => readDiskImage(fileOf(volume), places.volumes, /:(iso|import)\//.test(volume.volid));

  return {
    async store(volume, bytes) {
      const file = await roomFor(fileOf(volume));
      const partial = `${file}.partial`;
      try {
        await pipeline(bytes, createWriteStream(partial));
        await rename(partial, file);
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
      return (await stat(file)).size;
    },

    async inspect(volume) {
      const { format, virtualSize, actualSize } = await read(volume);
      return { format, virtualSize, actualSize };
    },

    async createDisk(volume, bytes) {
      const file = await roomFor(fileOf(volume));
      await runCommand('qemu-img', ['create', '-q', '-f', formatOf(file), file, String(bytes)]);
    },

    async copyDisk(from, to, onProgress, signal) {
      const source = fileOf(from);
      const target = await roomFor(fileOf(to));
      const { format } = await read(from);
      const kept = from.snapshot === undefined ? [] : ['-l', `snapshot.name=${from.snapshot}`];
      const how = ['convert', '-p', '--force-share', '-t', 'unsafe', '-f', format, '-O', formatOf(target), ...kept];
      try {
        await runCommand('qemu-img', [...how, source, target], { signal, onOutput: percentReader(onProgress) });
      } catch (error) {
        await rm(target, { force: true });
        throw error;
      }
    },

    async linkDisk(base, to) {
      const file = await roomFor(fileOf(to));
      const backing = fileOf(base);
      const { format } = await read(base);
      // A relative path keeps the chain whole when the state directory moves.
      await runCommand('qemu-img', [
        'create',
        '-q',
        '-f',
        'qcow2',
        '-b',
        relative(dirname(file), backing),
        '-F',
        format,
        file,
      ]);
    },

    async resizeDisk(volume, bytes) {
      const file = fileOf(volume);
      const { format, virtualSize } = await read(volume);
      if (bytes < virtualSize) throw new Error('shrinking disks is not supported');
      if (await resizeRunning(file, bytes)) return;
      await runCommand('qemu-img', ['resize', '-q', '-f', format, file, String(bytes)]);
    },

    async renameDisk(from, to) {
      const source = fileOf(from);
      const target = await roomFor(fileOf(to));
      const { format, backing } = await read(from);
      await rename(source, target);
      if (backing === undefined || dirname(source) === dirname(target)) return;
      const chain = ['-b', relative(dirname(target), backing), '-F', formatOf(backing)];
      await runCommand('qemu-img', ['rebase', '-q', '-u', '-f', format, ...chain, target]);
    },

    async removeVolume(volume) {
      await rm(fileOf(volume), { force: true });
    },

    // The lock that a running machine has on its file makes these fail, in QEMU's own words.
    snapshotDisk: (volume, name) => snapshot('-c', name, fileOf(volume)),
    rollbackDisk: (volume, name) => snapshot('-a', name, fileOf(volume)),
    dropSnapshot: (volume, name) => snapshot('-d', name, fileOf(volume)),
  };
}

async function snapshot(what: '-c' | '-a' | '-d', name: string, file: string): Promise<void> {
  await runCommand('qemu-img', ['snapshot', '-q', what, name, file]);
}

async function roomFor(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  return file;
}

/** Reads `qemu-img -p`, which writes `    (12.34/100%)` over and over. */
export function percentReader(onProgress: (fraction: number) => void): (text: string) => void {
  return (text) => {
    const last = [...text.matchAll(/\((\d+(?:\.\d+)?)\/100%\)/g)].at(-1)?.[1];
    if (last !== undefined) onProgress(Number(last) / 100);
  };
}
