import { isCdrom, readDrive } from './drive.ts';
import type { Machine } from './engine.ts';
import { readProperties } from './property.ts';

/** The firmware's rank of each device key, from 100 as Proxmox counts; devices that are not in it are never booted from. */
export type BootOrder = ReadonlyMap<string, number>;

const driveKey = /^(ide|sata|scsi|virtio)\d+$/;

/** `boot: order=scsi0;ide2;net0`; without one, as Proxmox does it: first disk, then CD drives, then network cards. */
export function bootOrder(config: Machine['config']): BootOrder {
  const asked = readProperties(config.boot ?? '', 'legacy').order;
  const keys = asked === undefined ? usualOrder(config) : asked.split(';').filter((key) => key !== '');
  return new Map(keys.map((key, at) => [key, 100 + at]));
}

function usualOrder(config: Machine['config']): string[] {
  const drives = Object.keys(config)
    .filter((key) => driveKey.test(key))
    .sort();
  const cdroms = drives.filter((key) => isCdrom(readDrive(config[key] ?? '')));
  const disks = drives.filter((key) => !cdroms.includes(key));
  const first = config.bootdisk ?? disks[0];
  return [...(first === undefined ? [] : [first]), ...cdroms, ...(config.net0 === undefined ? [] : ['net0'])];
}
