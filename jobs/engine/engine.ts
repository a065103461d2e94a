import type { Redis } from 'ioredis';
import type { Log } from '#base/log.ts';
import type { Left } from './abilities.ts';
import type { AnyJob } from './job.ts';
import type { Keys } from './keys.ts';
import type { Lease } from './lease.ts';
import type { Tools } from './world.ts';

/** What one worker process has for all its runs. */
export interface Engine {
  readonly name: string;
  readonly redis: Redis;
  readonly keys: Keys;
  readonly jobs: ReadonlyMap<string, AnyJob>;
  /** What it can carry out, as the scripts compare it: see `abilities.ts`. */
  readonly abilities: string;
  readonly tools: Tools;
  readonly times: Times;
  readonly log: Log;
  /** The runs this worker speaks for now. */
  readonly leases: Map<string, Lease>;
  /** Aborted with {@link Drained} when the worker shuts down. */
  readonly drained: AbortSignal;
  /** Rings the doorbell for a run. Never rejects: a lost ring costs seconds, the sweep finds the run. */
  ring(run: string): Promise<void>;
  /** For a run whose turn has come by something that this worker did: looks at it here and now when there is room, which saves the way over the bell. Never rejects. */
  hurry(run: string): Promise<void>;
  /** Says, once for each kind of run, that this worker leaves it to others. */
  noteLeft(left: Left): void;
}

/** All in ms. */
export interface Times {
  readonly lease: number;
  readonly renew: number;
  readonly sweep: number;
  /** Waits between tries: from, to, and up to which length they are waited out without letting the run go. */
  readonly firstPause: number;
  readonly longestPause: number;
  readonly inProcess: number;
  /** How long planning may go on trying. */
  readonly planning: number;
  /** How often a run that waits for its turn looks by itself, in case its bell was lost. */
  readonly turn: number;
  /** For how long a step may ignore its signal, from when nothing that it sent to Proxmox is without an answer. */
  readonly grace: number;
  /** How soon a run that a worker can't carry out is looked at again, should none have heard that it was offered. */
  readonly left: number;
  /** For how long a run waits for a worker that can carry it out before a person is asked: an upgrade may take a while. */
  readonly stranded: number;
  /** How long a run that has ended is remembered. */
  readonly remember: number;
}

export const usualTimes: Times = {
  lease: 15_000,
  renew: 4_000,
  sweep: 2_000,
  firstPause: 1_000,
  longestPause: 60_000,
  inProcess: 5_000,
  planning: 30_000,
  turn: 30_000,
  grace: 5_000,
  left: 10_000,
  stranded: 5 * 60_000,
  remember: 30 * 24 * 3_600_000,
};

/** A full-jitter pause: anything up to twice as long as could have been waited the last time. */
export function pauseLength(times: Times, tries: number): number {
  return Math.ceil(Math.random() * Math.min(times.longestPause, times.firstPause * 2 ** tries));
}
