import { z } from 'zod';
import { defined } from './shapes.ts';

/** A VM's configuration in our words. Of a running VM it is what will hold after its next start. */
export interface VmConfig {
  readonly name?: string;
  readonly description?: string;
  /** Names this state of the configuration; {@link setConfig} can insist on it. */
  readonly digest: string;
  readonly cores: number;
  readonly sockets: number;
  readonly memoryMiB: number;
  readonly nets: readonly Net[];
  readonly disks: readonly Disk[];
  readonly cdroms: readonly { readonly key: string; readonly volid: string }[];
  /** What it boots from, in order: `['scsi0', 'net0']`. */
  readonly bootOrder: readonly string[];
  /** The first disk of the boot order. */
  readonly bootDisk?: string;
  /** Raw values of `ipconfigN`, by N. */
  readonly ipconfig: Readonly<Record<number, string>>;
  /** What works on it now: `clone`, `backup`, `migrate` … */
  readonly lock?: string;
  readonly template: boolean;
  /** Proxmox refuses to remove it. */
  readonly protected: boolean;
  readonly agent: boolean;
  readonly tags: readonly string[];
  readonly smbiosUuid?: string;
  readonly raw: Readonly<Record<string, string>>;
}

export interface Net {
  readonly key: string;
  readonly model: string;
  /** Upper case. */
  readonly mac: string;
  readonly bridge?: string;
  readonly vlan?: number;
}

export interface Disk {
  readonly key: string;
  readonly volid: string;
  /** Two decimals at most. */
  readonly sizeGiB: number;
}

/** The answer of GET /nodes/{node}/qemu/{vmid}/config, whose values may be text or numbers. */
export const VmConfig = z.record(z.string(), z.unknown()).transform((answer): VmConfig => {
  // A list has no place here, and `String` of one goes as deep as the list does.
  const textIn = (value: unknown) => (typeof value === 'object' ? '' : String(value ?? ''));
  const raw = Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, textIn(value)]));
  return parseConfig(raw);
});

function parseConfig(raw: Readonly<Record<string, string>>): VmConfig {
  const { name, description, lock } = raw;
  const drives = keys(raw, /^(?:ide|sata|scsi|virtio)\d+$/).map((key) => ({
    key,
    drive: options(raw[key] ?? '', 'file'),
  }));
  const disks = drives.filter(({ drive }) => drive.media !== 'cdrom').map(readDisk);
  const bootOrder = readBootOrder(raw);
  const bootDisk = bootOrder.find((device) => disks.some(({ key }) => key === device));
  const smbiosUuid = options(raw.smbios1 ?? '').uuid;
  return {
    ...defined({ name, description, lock, bootDisk, smbiosUuid }),
    digest: raw.digest ?? '',
    cores: Number(raw.cores ?? 1),
    sockets: Number(raw.sockets ?? 1),
    memoryMiB: Number(options(raw.memory ?? '512', 'current').current),
    nets: keys(raw, /^net\d+$/).map((key) => readNet(key, raw[key] ?? '')),
    disks,
    cdroms: drives
      .filter(({ drive }) => drive.media === 'cdrom')
      .map(({ key, drive }) => ({ key, volid: drive.file ?? '' })),
    bootOrder,
    ipconfig: Object.fromEntries(
      keys(raw, /^ipconfig\d+$/).map((key) => [key.slice('ipconfig'.length), raw[key] ?? '']),
    ),
    template: raw.template === '1',
    protected: raw.protection === '1',
    agent: options(raw.agent ?? '0', 'enabled').enabled === '1',
    tags: splitTags(raw.tags),
    raw,
  };
}

/** Proxmox joins tags by `;`, and takes `,` and spaces too. */
export function splitTags(text: string | null | undefined): string[] {
  return text ? text.split(/[;,\s]+/).filter((tag) => tag !== '') : [];
}

/** GiB of a size as Proxmox writes it (`528K`, `2252M`, `40G`, `1T`, or bytes). */
export function readSizeGiB(text: string): number {
  const [, amount = '0', unit = ''] = /^(\d+(?:\.\d+)?)([KMGT]?)/.exec(text) ?? [];
  const gib = { '': 1 / 2 ** 30, K: 1 / 2 ** 20, M: 1 / 2 ** 10, G: 1, T: 2 ** 10 }[unit] ?? 0;
  return Math.round(Number(amount) * gib * 100) / 100;
}

function readDisk({ key, drive }: { key: string; drive: Options }): Disk {
  return { key, volid: drive.file ?? '', sizeGiB: readSizeGiB(drive.size ?? '') };
}

/** `virtio=BC:24:11:74:17:33,bridge=vmbr0,tag=5` */
function readNet(key: string, text: string): Net {
  const { bridge, tag, ...rest } = options(text, 'model');
  const short = Object.entries(rest).find(([option, value]) => option !== 'macaddr' && isMac(value));
  const [model = '', mac = ''] = short ?? [rest.model, rest.macaddr];
  return {
    key,
    model,
    mac: mac.toUpperCase(),
    ...defined({ bridge, vlan: tag === undefined ? undefined : Number(tag) }),
  };
}

/** `order=scsi0;net0`; before 6.2 the boot disk stood by itself. */
function readBootOrder({ boot = '', bootdisk }: Readonly<Record<string, string>>): string[] {
  const { order } = options(boot);
  if (order !== undefined) return order.split(';').filter((device) => device !== '');
  return bootdisk ? [bootdisk] : [];
}

type Options = Record<string, string | undefined>;

/** A property string: `a,key=value,…`, where the first may stand without its key. */
function options(text: string, first = ''): Options {
  const pairs = text.split(',').map((part, index) => {
    const at = part.indexOf('=');
    if (at === -1) return [index === 0 ? first : part, part];
    return [part.slice(0, at), part.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}

function keys(raw: Readonly<Record<string, string>>, pattern: RegExp): string[] {
  const number = (key: string) => Number(/\d+$/.exec(key)?.[0]);
  return Object.keys(raw)
    .filter((key) => pattern.test(key))
    .sort((a, b) => a.replace(/\d+$/, '').localeCompare(b.replace(/\d+$/, '')) || number(a) - number(b));
}

const isMac = (text: string | undefined) => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text ?? '');
