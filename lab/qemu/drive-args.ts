import type { BootOrder } from '../boot-order.ts';
import { isCdrom, readDrive } from '../drive.ts';
import type { Machine } from '../engine.ts';
import { formatOf } from './disk-image.ts';
import { optionValue } from './option-value.ts';

/** QEMU's name of each SCSI controller; Proxmox's default is the old LSI chip. */
const scsiControllers: Readonly<Record<string, string>> = {
  lsi: 'lsi53c895a',
  lsi53c810: 'lsi53c810',
  megasas: 'megasas',
  pvscsi: 'pvscsi',
  'virtio-scsi-pci': 'virtio-scsi-pci',
  'virtio-scsi-single': 'virtio-scsi-pci',
};

/**
 * Controllers and drives. `files` holds what is behind each drive key; a CD drive without a file is an empty one.
 * Lab disks never survive a crash of the host, so nothing is ever flushed.
 */
export function driveArgs(
  config: Machine['config'],
  files: Readonly<Record<string, string>>,
  boot: BootOrder,
): string[] {
  const keys = Object.keys(config)
    .filter((key) => /^(ide|sata|scsi|virtio)\d+$/.test(key))
    .sort();
  const args: string[] = [];
  if (keys.some((key) => key.startsWith('scsi'))) {
    const model = scsiControllers[config.scsihw ?? 'lsi'] ?? 'lsi53c895a';
    args.push('-device', `${model},id=scsi`);
  }
  if (keys.some((key) => key.startsWith('sata'))) args.push('-device', 'ahci,id=ahci0');
  for (const key of keys) {
    const cdrom = isCdrom(readDrive(config[key] ?? ''));
    const rank = boot.get(key);
    const index = rank === undefined ? '' : `,bootindex=${rank}`;
    const blockdev = backend(key, files[key], cdrom);
    args.push(
      ...blockdev,
      '-device',
      `${device(key, cdrom)}${blockdev.length > 0 ? `,drive=drive-${key}` : ''},id=${key}${index}`,
    );
  }
  return args;
}

function backend(key: string, file: string | undefined, cdrom: boolean): string[] {
  if (file === undefined) return [];
  const common = `file=${optionValue(file)},if=none,id=drive-${key},format=${cdrom ? 'raw' : formatOf(file)}`;
  return ['-drive', cdrom ? `${common},media=cdrom,readonly=on` : `${common},cache=unsafe,discard=unmap`];
}

function device(key: string, cdrom: boolean): string {
  const number = Number(/\d+$/.exec(key)?.[0]);
  const kind = cdrom ? 'cd' : 'hd';
  if (key.startsWith('ide')) return `ide-${kind},bus=ide.${number >> 1},unit=${number & 1}`;
  if (key.startsWith('sata')) return `ide-${kind},bus=ahci0.${number}`;
  if (key.startsWith('scsi')) return `scsi-${kind},bus=scsi.0,scsi-id=${number}`;
  return 'virtio-blk-pci';
}
