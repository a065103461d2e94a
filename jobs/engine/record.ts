import type { Json } from '#base/json.ts';
import type { PlanView } from './job.ts';
import type { ApprovalRule } from './run.ts';

/** The truth about a run, as Redis holds it. All times are ms since the epoch by Redis' clock. */
export interface RunRecord {
  /** `r-7f3k2q`, unique for ever: VMs carry it in their marker. */
  readonly id: string;
  /** The job's name. */
  readonly job: string;
  readonly version: number;
  readonly state: RunState;
  /** Raised at each claim; a commit with an older one is refused. */
  readonly epoch: number;
  readonly owner: string | undefined;
  readonly leaseUntil: number;
  readonly cluster: string;
  readonly input: Json;
  readonly by: Requester;
  /** Where it was asked; the engine only carries it. */
  readonly origin: Json;
  /** The command as typed. */
  readonly text: string;
  /** When it fails or is cancelled: take back what it made, or leave it for a look. */
  readonly onFailure: 'undo' | 'keep';
  readonly approval: ApprovalRule | undefined;
  readonly plan: Json | undefined;
  readonly planHash: string | undefined;
  readonly view: PlanView | undefined;
  /** The open (or last) question. */
  readonly ask: AskState | undefined;
  readonly result: Json | undefined;
  /** The key of whoever went on with it last; they have asked for it as well. */
  readonly retriedBy: string | undefined;
  /** Who asked to cancel it, their name. */
  readonly cancelledBy: string | undefined;
  readonly failure: Failure | undefined;
  /** What a waiting run waits for: `a clone slot on pve2 (position 2)`. */
  readonly waitingFor: string | undefined;
  /** The locks that it needs, when these are others than its job says by its plan. */
  readonly locks: readonly string[] | undefined;
  /** It was approved or waited for a lock, and has to be planned again before it may start. */
  readonly replan: boolean;
  /** How an `undoing` run will end. */
  readonly ending: 'failed' | 'cancelled' | 'rejected' | 'expired' | undefined;
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly updatedAt: number;
}

/**
 * - `planning` → `refused` (a `UserError`; nothing was done), `asking` or `queued`
 * - `asking`: people decide; no worker is held → `queued`, `rejected` or `expired`
 * - `queued` → `running` ⇄ `waiting` (a lock, a slot, a pause between tries)
 * - `undoing`: taking back after a failure or a cancel
 * - ended: `done`, `failed`, `cancelled`, `rejected`, `expired`, `refused`
 * - `kept`: failed or cancelled, and what it made is still there → retry or roll back
 * - `stuck`: only a person can go on; claims and locks stay
 */
export const runStates = [
  'planning',
  'asking',
  'queued',
  'running',
  'waiting',
  'undoing',
  'done',
  'failed',
  'cancelled',
  'rejected',
  'expired',
  'refused',
  'kept',
  'stuck',
] as const;
export type RunState = (typeof runStates)[number];

export const endedStates: ReadonlySet<RunState> = new Set([
  'done',
  'failed',
  'cancelled',
  'rejected',
  'expired',
  'refused',
]);

export interface Requester {
  readonly key: string;
  readonly name: string;
}

export interface AskState {
  readonly key: string;
  readonly title: string;
  readonly rule: ApprovalRule;
  /** Raised when what is asked changes (the plan was made anew): votes for older ones count no more. */
  readonly revision: number;
  readonly state: 'open' | 'approved' | 'rejected' | 'expired' | 'withdrawn';
  /** Why it is asked again: the plan changed since it was approved. */
  readonly note: string | undefined;
  readonly votes: readonly {
    readonly key: string;
    readonly name: string;
    readonly yes: boolean;
    readonly at: number;
    readonly reason?: string;
  }[];
  readonly expiresAt: number;
}

export interface Failure {
  /** The label of the step that failed; undefined when it was the planning. */
  readonly step: string | undefined;
  /** The other system that said no, when it was one. */
  readonly system: string | undefined;
  readonly message: string;
  readonly hint: string | undefined;
  /** Commands that would put it right. */
  readonly offers: readonly { readonly label: string; readonly command: string }[];
  /** `removed VM 105`, in the order it happened. */
  readonly takenBack: readonly string[];
  /** What was not taken back because others need it, one sentence each. */
  readonly stays?: readonly string[];
  /** What is still there and should not be, one sentence each. */
  readonly leftOver: readonly string[];
}

/** One line of a run's journal. */
export interface StepRecord {
  /** The step's name, with its key after `#` when it has one. */
  readonly id: string;
  readonly label: string;
  readonly state: 'started' | 'done' | 'failed' | 'undoing' | 'undone';
  readonly attempts: number;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly input: Json;
  readonly saved: Json | undefined;
  readonly output: Json | undefined;
  readonly error: string | undefined;
}
