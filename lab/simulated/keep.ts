import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keepFile, type StateFile } from '../state.ts';
import type { Disk } from './disks.ts';

/** Brings the simulated disks of an earlier start back; empty when there are none. */
export async function loadDisks(dir: string): Promise<Map<string, Disk>> {
  try {
    const kept = JSON.parse(await readFile(join(dir, 'simulated.json'), 'utf8')) as [string, KeptDisk][];
    return new Map(kept.map(([key, disk]) => [key, { ...disk, bytes: Buffer.from(disk.bytes, 'base64') }]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
}

/** Keeps disks in one file of a folder. */
export function keepDisks(disks: ReadonlyMap<string, Disk>, dir: string): StateFile {
  return keepFile(join(dir, 'simulated.json'), () =>
    [...disks].map(([key, disk]) => [key, { ...disk, bytes: disk.bytes.toString('base64') }]),
  );
}

type KeptDisk = Omit<Disk, 'bytes'> & { readonly bytes: string };
