import type { Engine } from './engine.ts';
import type { Locks } from './locks.ts';
import type { Settings } from './settings.ts';
import type { State, StateFile } from './state.ts';
import type { Tasks } from './tasks.ts';

/** Everything that a call may touch: the lab's Proxmox cluster. */
export interface Cluster {
  readonly engine: Engine;
  readonly state: State;
  readonly file: StateFile;
  readonly tasks: Tasks;
  readonly locks: Locks;
  readonly settings: Settings;
  /** What `pvestatd` last saw of each VM; a VM that is missing here is shown as `unknown`. */
  readonly seen: Map<number, SeenGuest>;
  /** SHA-256 of the server's certificate, as `/nodes` shows it. */
  readonly fingerprint: string;
  readonly startedAt: number;
}

export interface SeenGuest {
  readonly status: 'running' | 'stopped';
  readonly config: Readonly<Record<string, string>>;
  readonly uptime: number;
}
