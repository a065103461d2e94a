import type { Clock } from '#base/clock.ts';
import type { Json } from '#base/json.ts';
import type { GuestShell, ShellTarget } from '#guest/shell.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import type { Settings } from '../settings.ts';
import type { Runs } from './runs.ts';

/** Everything outside the process that a step may touch. Nothing else reaches out. */
export interface World {
  readonly runId: string;
  /** The Proxmox cluster this run is for. */
  readonly cluster: Cluster;
  readonly settings: Settings;
  openShell(target: ShellTarget, signal: AbortSignal): Promise<GuestShell>;
  readonly clock: Clock;
  /** Aborted when the run is cancelled, the step's time is over, or this worker may no longer speak for the run. Pass it on everywhere. */
  readonly signal: AbortSignal;
  /** What an earlier try of this step saved: usually the UPID of the task it started. */
  readonly saved: Json | undefined;
  /** What the step answered when it ended well, for its `undo`; undefined when it did not end, or failed. */
  readonly output: Json | undefined;
  /** Writes a handle down before waiting for what it stands for, so that another worker can go on waiting for the same thing. */
  save(handle: Json): Promise<void>;
  /** Other runs, for a job that is about one. */
  readonly runs: OtherRuns;
  /** The person who asked. */
  readonly by: { readonly key: string; readonly name: string };
  /**
   * The run needs the lock `to` from now on and no longer `from`, as when another VMID than planned was taken. Rejects with a
   * passing `RemoteError` while another run holds it.
   */
  moveLock(from: string, to: string): Promise<void>;
  /** Says on the run's card what it waits for, and how long that still takes, until the next step or the end. */
  waitFor(what: string): Promise<void>;
  /** A sentence for the run's thread. */
  note(line: string): void;
  /** A line of somebody else's log (a Proxmox task, a command's output). */
  log(line: string): void;
}

/** What a plan may use: it only reads, and claims in the run's name. */
export interface Look {
  readonly runId: string;
  /** With `dry`, claims made through this cluster are only peeked at: nothing is kept. */
  readonly cluster: Cluster;
  readonly dry: boolean;
  readonly settings: Settings;
  /** The text behind an HTTP(S) address (a vendor's SUMS file). Throws `RemoteError`. */
  fetchText(url: string, signal: AbortSignal): Promise<string>;
  readonly signal: AbortSignal;
  readonly runs: Pick<OtherRuns, 'read'>;
  /** The command as typed, for offers that repeat it. */
  readonly text: string;
  /** The person who asked. */
  readonly by: { readonly key: string; readonly name: string };
}

/** The world's fixed part, made once per process. */
export interface Tools {
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly settings: Settings;
  fetchText(url: string, signal: AbortSignal): Promise<string>;
  openShell(target: ShellTarget, signal: AbortSignal): Promise<GuestShell>;
  readonly runs: OtherRuns;
  readonly clock: Clock;
}

/** What a job may do with another run. Whoever asked for the job was allowed to. */
export type OtherRuns = Pick<Runs, 'read' | 'cancel' | 'retry' | 'rollBack' | 'keep'>;
