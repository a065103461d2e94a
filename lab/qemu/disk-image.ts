import { dirname, extname, resolve } from 'node:path';
import { runCommand } from './command.ts';

export interface DiskImage {
  readonly format: 'qcow2' | 'raw';
  readonly virtualSize: number;
  readonly actualSize: number;
  /** The absolute path of the file this one is an overlay of. */
  readonly backing: string | undefined;
}

/**
 * Asks `qemu-img info`. The name says the format; only other names (`.img`) are looked into. Rejects an image that would pull in
 * another file: any at all when somebody brought it, one outside `folder` when we made it ourselves.
 */
export async function readDiskImage(file: string, folder: string, brought: boolean): Promise<DiskImage> {
  const known = formats[extname(file)];
  const force = known === undefined ? [] : ['-f', known];
  const printed = JSON.parse(await runCommand('qemu-img', ['info', '--force-share', ...force, '--output=json', file]));
  const { format, 'virtual-size': virtualSize, 'actual-size': actualSize } = printed;
  if (format !== 'qcow2' && format !== 'raw') throw new Error(`unsupported image format '${format}'`);
  if (printed['format-specific']?.data?.['data-file'] !== undefined)
    throw new Error('image refers to an external data file');
  const named: unknown = printed['full-backing-filename'] ?? printed['backing-filename'];
  const backing = typeof named === 'string' ? resolve(dirname(file), named) : undefined;
  if (backing !== undefined && (brought || !backing.startsWith(`${folder}/`))) {
    throw new Error('image refers to an external backing file');
  }
  return { format, virtualSize, actualSize, backing };
}

const formats: Readonly<Record<string, 'qcow2' | 'raw'>> = { '.qcow2': 'qcow2', '.raw': 'raw', '.iso': 'raw' };

/** The format that a disk we make or open has by its name. */
export function formatOf(file: string): 'qcow2' | 'raw' {
  return formats[extname(file)] ?? 'raw';
}
