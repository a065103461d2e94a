import * as formats from './formats.ts';
import {
  decimal,
  dnsName,
  flag,
  integer,
  matching,
  oneOf,
  optional,
  type Param,
  type Params,
  text,
  upTo,
} from './params.ts';

/** Right to change an option, and how it is checked and shown. */
interface Option {
  readonly param: Param;
  /** The privilege that changing it takes; `root` = only the real root, never a token. */
  readonly privilege: string;
}

const config = (part: string) => `VM.Config.${part}`;
const osTypes = [
  'other',
  'wxp',
  'w2k',
  'w2k3',
  'w2k8',
  'wvista',
  'win7',
  'win8',
  'win10',
  'win11',
  'l24',
  'l26',
  'solaris',
];
const controllers = ['lsi', 'lsi53c810', 'virtio-scsi-pci', 'virtio-scsi-single', 'megasas', 'pvscsi'];
const lockNames = [
  'backup',
  'clone',
  'create',
  'migrate',
  'rollback',
  'snapshot',
  'snapshot-delete',
  'suspending',
  'suspended',
];

const byPrivilege: Record<string, Record<string, Param>> = {
  [config('CPU')]: {
    affinity: text(),
    cores: integer(1),
    cpu: text(),
    cpulimit: decimal(0, 128),
    cpuunits: integer(1, 262_144),
    numa: flag,
    smp: integer(1),
    sockets: integer(1),
    vcpus: integer(1),
  },
  [config('Memory')]: {
    balloon: integer(0),
    hugepages: oneOf('any', '2', '1024'),
    memory: integer(16),
    shares: integer(0, 50_000),
  },
  [config('Options')]: {
    agent: formats.agent('agent'),
    arch: oneOf('x86_64', 'aarch64'),
    autostart: flag,
    bios: oneOf('seabios', 'ovmf'),
    description: upTo(8192),
    keyboard: text(),
    localtime: flag,
    migrate_downtime: decimal(0),
    migrate_speed: integer(0),
    name: dnsName,
    onboot: flag,
    ostype: oneOf(...osTypes),
    protection: flag,
    reboot: flag,
    startdate: text(),
    startup: text(),
    tags: formats.tags,
    tdf: flag,
    template: flag,
  },
  [config('HWType')]: {
    acpi: flag,
    audio0: text(),
    hotplug: text(),
    ivshmem: text(),
    keephugepages: flag,
    kvm: flag,
    machine: text(),
    rng0: text(),
    scsihw: oneOf(...controllers),
    smbios1: upTo(512),
    spice_enhancements: text(),
    tablet: flag,
    vga: text(),
    vmgenid: matching(/^([a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}|[01])$/),
    watchdog: text(),
  },
  [config('Disk')]: {
    boot: formats.boot('boot'),
    bootdisk: matching(/^(ide|sata|scsi|virtio)\d+$/),
    efidisk0: formats.drive('efidisk0'),
    tpmstate0: formats.drive('tpmstate0'),
    vmstatestorage: text(),
  },
  [config('CDROM')]: { cdrom: formats.drive('cdrom') },
  [config('Cloudinit')]: {
    cicustom: text(),
    cipassword: text(),
    citype: oneOf('configdrive2', 'nocloud', 'opennebula'),
    ciupgrade: flag,
    ciuser: text(),
    nameserver: text(),
    searchdomain: text(),
    sshkeys: formats.sshkeys,
  },
  'VM.PowerMgmt': { freeze: flag },
  root: { args: text(), hookscript: text(), lock: oneOf(...lockNames) },
};

const single = new Map<string, Option>(
  Object.entries(byPrivilege).flatMap(([privilege, params]) =>
    Object.entries(params).map(([name, param]) => [name, { param, privilege }] as const),
  ),
);

/** Families with a number at the end: kind, how many, check, privilege. */
const families: readonly (readonly [string, number, (key: string) => Param, string])[] = [
  ['ide', 4, formats.drive, config('Disk')],
  ['sata', 6, formats.drive, config('Disk')],
  ['scsi', 31, formats.drive, config('Disk')],
  ['virtio', 16, formats.drive, config('Disk')],
  ['unused', 256, formats.drive, config('Disk')],
  ['net', 32, formats.net, config('Network')],
  ['ipconfig', 32, formats.ipconfig, config('Cloudinit')],
  ['serial', 4, () => matching(/^(\/dev\/[^,]+|socket)$/), config('HWType')],
  ['usb', 14, () => text(), config('HWType')],
  ['hostpci', 16, () => text(), config('HWType')],
  ['parallel', 3, () => text(), config('HWType')],
  ['numa', 8, () => text(), config('CPU')],
  ['virtiofs', 10, () => text(), config('HWType')],
];

/** The option of this name, undefined when Proxmox knows none. */
export function optionOf(name: string): Option | undefined {
  const plain = single.get(name);
  if (plain) return plain;
  const match = /^([a-z]+)(\d+)$/.exec(name);
  const family = families.find(([kind, count]) => kind === match?.[1] && Number(match[2]) < count);
  return family && { param: family[2](name), privilege: family[3] };
}

/** Parameters for every config option among these names, each optional; unknown names are left out (and so complained about). */
export function optionParams(names: readonly string[]): Params {
  return Object.fromEntries(
    names.flatMap((name) => {
      const option = optionOf(name);
      return option ? [[name, optional(option.param)]] : [];
    }),
  );
}

export function isDrive(name: string): boolean {
  return /^(ide[0-3]|sata[0-5]|scsi\d{1,2}|virtio\d{1,2}|efidisk0|tpmstate0)$/.test(name);
}

/** As JSON shows it: whole numbers and booleans are numbers, `memory` and the like stay texts. */
export function shown(name: string, value: string): string | number {
  if (name === 'cipassword') return '**********';
  const type = name === 'memory' ? 'string' : (optionOf(name)?.param.type ?? 'string');
  return type === 'string' ? value : Number(value);
}
