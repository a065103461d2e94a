import type { Duplex } from 'node:stream';

/**
 * What carries out the lab's work below the Proxmox API: disks and machines. The server (`server.ts` and `state.ts`) owns what
 * Proxmox keeps in its files (configs, locks, tasks, storage tables, permissions, and which volume belongs where), the engine
 * owns bytes and processes. Nothing here speaks HTTP. Errors are plain `Error`s in the words of the real system
 * (`QEMU exited with code 1`, `shrinking disks is not supported`), as they end up in a task's exit status.
 */
export interface Engine extends DiskEngine, AsyncDisposable {
  readonly name: 'simulated' | 'qemu';

  /** Resolves when the machine has power (as a `qmstart` task does), long before its system is up. */
  start(machine: Machine, signal: AbortSignal): Promise<void>;
  /** Pulls the plug; fine when it is off. */
  stop(vmid: number): Promise<void>;
  /** Asks the guest to power off (agent or ACPI) and resolves when it is off; rejects with `VM quit/powerdown failed - got timeout`. */
  shutdown(vmid: number, timeoutMs: number): Promise<void>;
  reset(vmid: number): Promise<void>;
  /** Suspend to memory and back. */
  pause(vmid: number, paused: boolean): Promise<void>;
  /** `stopped`, or QEMU's own word (`qmpstatus`). */
  power(vmid: number): Power | 'stopped';
  /** The running machine's process; undefined when off. `startedAt` in ms since the epoch; `diskRead` in bytes, if it is counted. */
  process(vmid: number): { readonly pid: number; readonly startedAt: number; readonly diskRead?: number } | undefined;
  /** Calls back whenever a machine powers off, whoever wanted it (the guest's own poweroff too). */
  onPowerOff(listener: (vmid: number) => void): void;

  /** One guest-agent command (`guest-ping`, `guest-network-get-interfaces`, `guest-exec` …); rejects after `timeoutMs` when nobody answers. */
  agent(vmid: number, command: string, args: Record<string, unknown>, timeoutMs: number): Promise<unknown>;
  /** Presses and lets go of keys, as the monitor's `sendkey` takes them (`ctrl-alt-delete`); rejects with its complaint. */
  sendKey(vmid: number, keys: string): Promise<void>;
  /** The serial console so far, newest bytes last. */
  consoleLog(vmid: number): Promise<string>;

  /** A TCP connection to a machine on the lab's segment, as a host on that segment would make it. */
  connect(address: string, port: number): Promise<Duplex>;
}

/** What a machine with power does: one that stands still keeps its power, and neither agent nor network answer. */
export type Power = 'running' | 'paused' | 'io-error' | 'guest-panicked';

/** The part of an engine that is about volumes. */
export interface DiskEngine {
  /** Keeps the bytes as this volume (an ISO, or an image to import); replaces what was there. Answers its size in bytes. */
  store(volume: Volume, bytes: AsyncIterable<Uint8Array>): Promise<number>;
  /** What `qemu-img info` would say; sizes in bytes. Rejects when the volume is no disk image. */
  inspect(
    volume: Volume,
  ): Promise<{ readonly format: 'qcow2' | 'raw'; readonly virtualSize: number; readonly actualSize: number }>;
  createDisk(volume: Volume, bytes: number): Promise<void>;
  /** A full copy (full clone, `import-from`, move). `onProgress` gets 0…1. */
  copyDisk(from: Volume, to: Volume, onProgress: (fraction: number) => void, signal: AbortSignal): Promise<void>;
  /** A linked clone: `to` holds only what differs from the base volume. */
  linkDisk(base: Volume, to: Volume): Promise<void>;
  resizeDisk(volume: Volume, bytes: number): Promise<void>;
  /** The volume moves to a new name (disk → base when a VM becomes a template). */
  renameDisk(from: Volume, to: Volume): Promise<void>;
  /** Missing already is fine. */
  removeVolume(volume: Volume): Promise<void>;
  /** Keeps the disk as it is now under a name; `copyDisk` reads it again by `Volume.snapshot`. Real machines must be off. */
  snapshotDisk(volume: Volume, name: string): Promise<void>;
  /** The disk is again as it was. */
  rollbackDisk(volume: Volume, name: string): Promise<void>;
  dropSnapshot(volume: Volume, name: string): Promise<void>;
}

/** A disk, ISO or image on one storage of one node (of every node when the storage is shared). */
export interface Volume {
  /** `local:100/vm-100-disk-0.qcow2`, `local:iso/seed.iso`, `local:import/debian-12.qcow2`. */
  readonly volid: string;
  readonly storage: string;
  /** `undefined` on shared storage. */
  readonly node: string | undefined;
  /** Only for reading: the disk as a snapshot of this name kept it. */
  readonly snapshot?: string | undefined;
}

/** A machine as its node would start it. */
export interface Machine {
  readonly vmid: number;
  readonly node: string;
  readonly name: string;
  /** The VM's configuration as Proxmox keeps it (`cores`, `memory`, `net0`, `scsi0`, `ide2`, `boot`, `smbios1`, `agent` …), raw strings. */
  readonly config: Readonly<Record<string, string>>;
  /** The volume behind each drive key of the config; the cloud-init drive is not among them. */
  readonly drives: Readonly<Record<string, Volume>>;
  /** What Proxmox would write on the cloud-init drive; undefined without one. */
  readonly cloudInit: CloudInitFiles | undefined;
}

export interface CloudInitFiles {
  readonly metaData: string;
  readonly userData: string;
  readonly networkConfig: string;
}

/** The lab's one L2 segment, the same in both engines. */
export const segment = {
  cidr: '10.77.0.0/24',
  prefix: 24,
  gateway: '10.77.0.1',
  dns: '10.77.0.1',
  /** DHCP hands out from here; lower addresses are for `--network static`. */
  firstLease: '10.77.0.100',
} as const;
