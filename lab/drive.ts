import type { Volume } from './engine.ts';
import { readProperties, writeProperties } from './property.ts';

/** A drive line of a VM's config: `local:100/vm-100-disk-0.qcow2,size=2G`. */
export interface Drive {
  /** The volume id, or `none`, or for a new disk `local:8` (GiB) and `local:cloudinit`. */
  readonly file: string;
  readonly options: Readonly<Record<string, string>>;
}

export function readDrive(value: string): Drive {
  const { file = '', volume, ...options } = readProperties(value, 'file');
  return { file: file || (volume ?? ''), options };
}

export function writeDrive(drive: Drive): string {
  return writeProperties({ file: drive.file, ...drive.options }, 'file');
}

export function isCdrom(drive: Drive): boolean {
  return drive.options.media === 'cdrom';
}

export function isCloudInit(drive: Drive): boolean {
  return /[:/](vm-\d+-)?cloudinit(\.\w+)?$/.test(drive.file);
}

/** The volume's own id: a linked clone's line names its base before it (`local:900/base-…/100/vm-…` → `local:100/vm-…`). */
export function ownVolid(file: string): string {
  const match = /^([^:]+):(\d+\/base-[^/]+)\/(\d+\/.+)$/.exec(file);
  return match ? `${match[1]}:${match[3]}` : file;
}

/** The base volume that a linked clone's line names. */
export function baseVolid(file: string): string | undefined {
  const match = /^([^:]+):(\d+\/base-[^/]+)\/\d+\/.+$/.exec(file);
  return match ? `${match[1]}:${match[2]}` : undefined;
}

export function storageOf(volid: string): string {
  return volid.slice(0, volid.indexOf(':'));
}

/** What the engine is told about a volume. */
export function engineVolume(record: Pick<Volume, 'volid' | 'storage' | 'node'>): Volume {
  return { volid: record.volid, storage: record.storage, node: record.node };
}
