import { dirname, resolve } from 'node:path';
import { runCommand } from './command.ts';

export interface DiskImage {
  readonly format: 'qcow2' | 'raw';
  readonly virtualSize: number;
  readonly actualSize: number;
  /** The absolute path of the file this one is an overlay of. */
  readonly backing: string | undefined;
}

/** Asks `qemu-img info`. Rejects other formats, and images that would pull in a file from outside `folder`. */
export async function readDiskImage(file: string, folder: string): Promise<DiskImage> {
  const printed = JSON.parse(await runCommand('qemu-img', ['info', '--force-share', '--output=json', file]));
  const { format, 'virtual-size': virtualSize, 'actual-size': actualSize } = printed;
  if (format !== 'qcow2' && format !== 'raw') throw new Error(`unsupported image format '${format}'`);
  if (printed['format-specific']?.data?.['data-file'] !== undefined)
    throw new Error('image refers to an external data file');
  const named: unknown = printed['full-backing-filename'] ?? printed['backing-filename'];
  const backing = typeof named === 'string' ? resolve(dirname(file), named) : undefined;
  if (backing !== undefined && !backing.startsWith(`${folder}/`))
    throw new Error('image refers to an external backing file');
  return { format, virtualSize, actualSize, backing };
}

export function formatOf(file: string): 'qcow2' | 'raw' {
  return file.endsWith('.qcow2') ? 'qcow2' : 'raw';
}
