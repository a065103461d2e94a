import type { Duration } from '#base/duration.ts';
import type { Json } from '#base/json.ts';
import type { World } from './world.ts';

/**
 * One recorded piece of a run. What it returns is written down and never done again. A step whose worker died in the middle is repeated as
 * `repeat` says:
 * - `safe`: doing it twice is the same as once.
 * - `look first`: `find` looks whether the earlier try got through, and only if it answers `undefined` the step is run again.
 */
export type Step<Input extends Json, Output extends Json> = {
  readonly name: string;
  /** For people: `Clone template 9000 to 105 on pve2`. */
  label(input: Input): string;
  /** From its first try to its last, waits between tries included, waiting for a slot excluded. */
  readonly timeout: Duration;
  run(world: World, input: Input): Promise<Output>;
  /**
   * Takes back what `run` may have done. Registered before `run` starts: must not mind being called for nothing, or twice. Answers `false` when it
   * found nothing to take back, so that nobody is told otherwise; or a sentence about what stays because others need it.
   */
  undo?(world: World, input: Input): Promise<boolean | { readonly stays: string }>;
  /** For people, past tense: `removed VM 105`. Needed with `undo`. */
  undone?(input: Input): string;
  /** A place this step needs while it runs: at most `limit` runs hold one with this name at the same time; others wait their turn. */
  slot?(world: World, input: Input): Slot | undefined;
} & (
  | { readonly repeat: 'safe' }
  | { readonly repeat: 'look first'; find(world: World, input: Input): Promise<Output | undefined> }
);

export interface Slot {
  /** `clone:lab:pve1:local-lvm` */
  readonly name: string;
  readonly limit: number;
}

/** A step whose types only it knows; how jobs list theirs. */
// biome-ignore lint/suspicious/noExplicitAny: a list of steps with different inputs has no narrower type.
export type AnyStep = Step<any, any>;
