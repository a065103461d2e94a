import type { Card } from '#base/card.ts';
import type { Person } from '#chat/platform.ts';
import type { AnyJob } from '#jobs/engine/job.ts';
import type { Args, Values } from './args.ts';
import type { Desk } from './desk.ts';

/**
 * One thing people can type. From this one specification come parsing, help, completion, forms and the registration with
 * chat platforms. A command does no work: it answers from what is there, or names a job and its input.
 */
export interface Command<A extends Args = Args> {
  /** `vm create` */
  readonly path: string;
  /** Other words that people type for its verb; they are answered with this command, and never carried out. */
  readonly synonyms?: readonly string[];
  /** One sentence. */
  readonly about: string;
  /** A whole line that works as it stands: `/vm create k8s-dev medium`. */
  readonly example: string;
  readonly risk: 'read' | 'change' | 'destroy';
  /** It starts no job though it changes something, and its answer comes after the acknowledgement as that of one that only reads. */
  readonly answers?: boolean;
  /** It is for people whom the configuration names, whatever everybody may. */
  readonly forKnown?: boolean;
  /** With these values it is how an account becomes known, so it is for everybody of an own workspace or server. */
  joins?(values: Readonly<Record<string, unknown>>): boolean;
  /** With these values it does the work of other commands as well, which somebody must be allowed to use. */
  also?(values: Readonly<Record<string, unknown>>): readonly Command[];
  readonly args: A;
  run(values: Values<A>, desk: Desk, by: Person): Promise<Outcome> | Outcome;
}

export type Outcome =
  | { readonly answer: Card }
  | {
      /** To be done to the job `run`; `said` is told to whoever wanted it. */
      readonly verb: 'cancel' | 'retry';
      readonly run: string;
      readonly said: string;
    }
  | {
      readonly job: AnyJob;
      readonly input: unknown;
      readonly cluster?: string;
      /** Show the plan, do nothing. */
      readonly dryRun?: boolean;
      /** Leave what was made when it fails. */
      readonly keep?: boolean;
    };

/** Gives a command's `run` the types of its own arguments, and the table a common one. */
export function defineCommand<const A extends Args>(command: Command<A>): Command {
  return command as unknown as Command;
}
