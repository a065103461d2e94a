/** What is installed on a simulated disk. */
export interface System {
  readonly os: string;
  agent: boolean;
  /** The instance that last booted here; another one counts as a first boot. */
  instanceId: string | undefined;
  hostname: string;
  /** Who may log in, with their public keys. */
  users: Record<string, string[]>;
  /** The SSH server's private key in OpenSSH's format, made at the first boot. */
  hostKey: string | undefined;
  files: Record<string, string>;
  /** The files' modes where they are not 0644. */
  modes?: Record<string, number> | undefined;
  /** What goes wrong at each boot. */
  readonly trouble?: Trouble | undefined;
  /** Made at the first boot that finds none, and copied by clones: DHCP tells machines apart by it. */
  machineId?: string | undefined;
}

/**
 * How a machine that was started fails to become ready: it stands still (its storage is full, its
 * kernel panicked, somebody paused it), powers off by itself, its cloud-init fails, or its SSH server
 * floods: what it says before its greeting, or what its commands print, never ends, or they do not;
 * or its agent does: it lists forty thousand addresses.
 */
export type Trouble = Standstill | 'powers off' | 'cloud-init fails' | 'agent floods' | SshTrouble;
export type Standstill = 'io-error' | 'guest-panicked' | 'paused';
type SshTrouble = 'greeting never ends' | 'output never ends' | 'commands never end';

const qcow2Magic = 0x514649fb;
const mark = 'BOTSWAIN LAB IMAGE ';

/** A tiny file with the header of a qcow2 image, which says how big the disk is and what is on it. */
export function labImage(options: {
  readonly virtualSize: number;
  readonly os: string;
  readonly agent: boolean;
  readonly machineId?: string | undefined;
  readonly trouble?: Trouble | undefined;
}): Buffer {
  const image = Buffer.alloc(4096);
  image.writeUInt32BE(qcow2Magic, 0);
  image.writeUInt32BE(3, 4);
  image.writeUInt32BE(16, 20);
  image.writeBigUInt64BE(BigInt(options.virtualSize), 24);
  image.writeUInt32BE(104, 100);
  const { virtualSize: _, ...installed } = options;
  image.write(`${mark}${JSON.stringify(installed)}\n`, 512);
  return image;
}

/** What an image's first bytes say: format, size, and the system on it. */
export function readImage(bytes: Buffer, size: number): Image {
  if (bytes.length >= 32 && bytes.readUInt32BE(0) === qcow2Magic) {
    return { format: 'qcow2', virtualSize: Number(bytes.readBigUInt64BE(24)), system: systemOf(bytes) };
  }
  const bootable = bytes.length >= 512 && bytes.readUInt16BE(510) === 0x55aa;
  return { format: 'raw', virtualSize: size, system: bootable ? newSystem('linux', false) : undefined };
}

export interface Image {
  readonly format: 'qcow2' | 'raw';
  readonly virtualSize: number;
  readonly system: System | undefined;
}

/** An image that is not ours is taken for a vendor's: a Linux without a guest agent. */
function systemOf(bytes: Buffer): System {
  const text = bytes.toString('latin1', 512, 1024);
  if (!text.startsWith(mark)) return newSystem('linux', false);
  const { os, agent, ...more } = JSON.parse(text.slice(mark.length, text.indexOf('\n'))) as Installed;
  return { ...newSystem(os, agent), ...more };
}

type Installed = Pick<System, 'os' | 'agent' | 'machineId' | 'trouble'>;

export function newSystem(os: string, agent: boolean): System {
  return { os, agent, instanceId: undefined, hostname: 'localhost', users: {}, hostKey: undefined, files: {} };
}
