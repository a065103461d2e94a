import type { z } from 'zod';
import type { Card, Text } from '#base/card.ts';
import type { Json } from '#base/json.ts';
import type { Run } from './run.ts';
import type { AnyStep } from './step.ts';
import type { Look } from './world.ts';

/**
 * One thing the program can do: decided by `plan`, carried out by `run`. The plan is all that passes between them, so what a
 * person saw and approved is what is done.
 */
export interface Job<Input extends Json, Plan extends Json, Result extends Json> {
  /** As typed: `vm create`. */
  readonly name: string;
  /** Raised when the steps change so that a half-done run cannot go on with the new code; such a run waits for a person. */
  readonly version: number;
  readonly input: z.ZodType<Input>;
  /** Every step that `run` may use: what it did is taken back by looking the step up here, maybe in another process. */
  readonly steps: readonly AnyStep[];
  /**
   * Reads, chooses, and claims what must be nobody else's (VMID, name, room on a node) in the run's name; changes nothing else. Called again
   * after an approval: with the same world it must answer the same plan, keys in the same order. Throws `UserError` when it cannot be done.
   */
  plan(look: Look, input: Input): Promise<Plan>;
  describe(plan: Plan): PlanView;
  /** Runs of one cluster that share a lock wait for each other: `vm:105`, which the engine takes as `vm:lab:105`. */
  locks?(plan: Plan): readonly string[];
  /**
   * Whether this run ends another one that has a lock it wants, instead of waiting for it: it is cancelled, in the name of
   * whoever asked for this one.
   */
  ends?(plan: Plan, other: { readonly job: string; readonly plan: Json | undefined }): boolean;
  /** Only {@link Run.step} and {@link Run.ask} may reach out of the process here; the rest is run again after a crash. */
  run(run: Run, plan: Plan): Promise<Result>;
  /** For the result's card. */
  summary(result: Result, plan: Plan): Card;
}

/** A plan as people see it: on the card, before an approval, and for `--dry-run`. */
export interface PlanView {
  /** `create k8s-dev on pve2` */
  readonly title: Text;
  readonly rows: readonly { readonly setting: string; readonly value: Text; readonly was?: Text }[];
  readonly changes: { readonly create: number; readonly change: number; readonly destroy: number };
  /** What else is touched, or lost. One sentence each. */
  readonly warnings: readonly string[];
  /** The labels of the steps to come, in order (see {@link Step.label}). */
  readonly steps: readonly string[];
  /** What it is about, as somebody types it who has nobody to ask: the VM's name. The job's number where there is none. */
  readonly name?: string;
}

/** A job whose types only it knows; how tables hold them. */
// biome-ignore lint/suspicious/noExplicitAny: a table of jobs with different inputs has no narrower type, and each job parses its own input.
export type AnyJob = Job<any, any, any>;
