import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Everything that Proxmox would keep in `/etc/pve`, plus which volume lies where. Plain data, so that it can be a JSON file. */
export interface State {
  nodes: NodeSpec[];
  storages: StorageSpec[];
  guests: Guest[];
  /** They do nothing but hold their numbers. */
  containers: Container[];
  volumes: VolumeRecord[];
  pools: Pool[];
  users: User[];
  groups: Group[];
  roles: Record<string, readonly string[]>;
  acl: AclEntry[];
  /** The VMs that had power when the lab ended; an engine without processes of its own starts them again. */
  running: number[];
  /**
   * Whether the cluster has its majority; without it, it reads and logs in, and writes nothing. Undefined: more than half of
   * the nodes must be online; true: after `pvecm expected 1`, or with a QDevice; false: this half is cut off from the rest.
   */
  quorate: boolean | undefined;
}

export interface NodeSpec {
  readonly name: string;
  readonly cpus: number;
  readonly memory: number;
  readonly bridges: readonly string[];
  /** False plays a node that has gone away: calls for it answer 595. */
  online: boolean;
  /** False: its processors can't, or its BIOS does not let them. It has KVM when left out. */
  kvm?: boolean;
}

export interface StorageSpec {
  readonly storage: string;
  readonly path: string;
  readonly shared: boolean;
  /** `images`, `iso`, `import`, `vztmpl`, `snippets`, `backup`, `rootdir`. */
  readonly content: readonly string[];
  readonly total: number;
  disabled: boolean;
}

/** An LXC container. */
export interface Container {
  readonly vmid: number;
  readonly node: string;
  readonly name: string;
}

/** A VM. Config values are the texts of its config file. */
export interface Guest {
  readonly vmid: number;
  node: string;
  config: Record<string, string>;
  /** Waiting for the next power-off; `null` = the option goes away. */
  pending: Record<string, string | null>;
  pool: string | undefined;
  /** Managed by HA: destroying it then needs `purge`. */
  ha: boolean;
  /** Oldest first. The one that the VM stands on is `config.parent`. */
  snapshots: Snapshot[];
}

export interface Snapshot {
  readonly name: string;
  description: string;
  /** Seconds since the epoch. */
  readonly snaptime: number;
  /** The VM's memory was kept as well. */
  readonly vmstate: boolean;
  /** The config at that time, with the snapshot before it as `parent`. */
  config: Record<string, string>;
}

export interface VolumeRecord {
  /** Without the base part of a linked clone: `local:320/vm-320-disk-0.qcow2`. */
  readonly volid: string;
  readonly storage: string;
  /** Undefined on shared storage. */
  readonly node: string | undefined;
  readonly content: string;
  readonly format: string;
  size: number;
  used: number;
  readonly vmid: number | undefined;
  /** The base volume of a linked clone. */
  readonly parent: string | undefined;
  /** Of a downloaded file: `sha256:3f4b…`. */
  readonly checksum: string | undefined;
  /** Seconds since the epoch. */
  readonly ctime: number;
}

export interface Pool {
  readonly poolid: string;
  comment: string | undefined;
}

export interface User {
  /** `bot@pve`. */
  readonly userid: string;
  password: string | undefined;
  comment: string | undefined;
  enable: boolean;
  /** Seconds since the epoch; 0 = never. */
  expire: number;
  email: string | undefined;
  /** Names of groups. */
  groups: string[];
  tokens: Token[];
}

export interface Group {
  readonly groupid: string;
  comment: string | undefined;
}

export interface Token {
  readonly tokenid: string;
  readonly secret: string;
  privsep: boolean;
  /** Seconds since the epoch; 0 = never. */
  expire: number;
  comment: string | undefined;
}

export interface AclEntry {
  readonly path: string;
  /** `bot@pve`, `bot@pve!ci` for a token, `@admins` for a group. */
  readonly ugid: string;
  readonly roleid: string;
  readonly propagate: boolean;
}

/** Keeps a state in `lab.json` of a folder; without a folder nothing is written. */
export interface StateFile {
  /** Writes soon; many calls become one write. */
  save(): void;
  /** Resolves when everything is on disk. */
  flush(): Promise<void>;
}

/** The state of an earlier start, or undefined. */
export async function loadState(dir: string): Promise<State | undefined> {
  try {
    return upToDate(JSON.parse(await readFile(join(dir, 'lab.json'), 'utf8')) as State);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What a lab of an earlier version did not keep. */
function upToDate(kept: State): State {
  const users = kept.users.map((user) => ({ ...{ expire: 0, email: undefined, groups: [] }, ...user }));
  const guests = kept.guests.map((guest) => ({ ...{ snapshots: [] }, ...guest }));
  return { ...{ groups: [], containers: [], quorate: undefined }, ...kept, users, guests };
}

export function keepState(state: State, dir: string | undefined): StateFile {
  return dir === undefined ? { save: () => {}, flush: async () => {} } : keepFile(join(dir, 'lab.json'), () => state);
}

/** Keeps what `content` answers as JSON in a file, always whole: written beside it and renamed. */
export function keepFile(file: string, content: () => unknown): StateFile {
  let wanted = false;
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
    while (wanted) {
      wanted = false;
      await writeFile(`${file}.new`, JSON.stringify(content()), { mode: 0o600 });
      await rename(`${file}.new`, file);
    }
    writing = undefined;
  }
  function save(): void {
    wanted = true;
    writing ??= Promise.resolve().then(write);
  }
  async function flush(): Promise<void> {
    save();
    await writing;
  }
  return { save, flush };
}
