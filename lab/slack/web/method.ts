import type { World } from '../world.ts';

/** What an argument is; `!` marks what has to be there. `json` comes as JSON, or as a string of it in a form. */
type Kind = 'string' | 'boolean' | 'number' | 'json';
export type Args = Readonly<Record<string, Kind | `${Kind}!`>>;

interface Values {
  readonly string: string;
  readonly boolean: boolean;
  readonly number: number;
  readonly json: unknown;
}
type Needed<A extends Args> = { [K in keyof A]: A[K] extends `${string}!` ? K : never }[keyof A];
type ValueOf<K extends string> = K extends `${infer Plain extends Kind}!`
  ? Values[Plain]
  : K extends Kind
    ? Values[K]
    : never;

/** The arguments of a call, by their specification. */
export type Given<A extends Args> = { readonly [K in Needed<A>]: ValueOf<A[K]> } & {
  readonly [K in Exclude<keyof A, Needed<A>>]?: ValueOf<A[K]> | undefined;
};

export type Answer = Readonly<Record<string, unknown>>;

export interface Asked<A extends Args> {
  readonly world: World;
  readonly args: Given<A>;
  /** Notes what Slack would refuse or ignore. */
  violation(problems: readonly string[]): void;
}

/**
 * Slack's tiers, in calls a minute for each method: 1, 20, 50, 100. `post` is a message a second in each channel, with short bursts; `special` is not told and
 * counts as the fourth.
 */
export type Tier = 1 | 2 | 3 | 4 | 'post' | 'special';

export interface MethodOf<A extends Args> {
  /** Any of these will do; none is needed when it is left out. */
  readonly scopes?: readonly string[];
  /** `bot` is usual. */
  readonly token?: 'bot' | 'app';
  readonly tier: Tier;
  readonly args: A;
  readonly run: (asked: Asked<A>) => Answer;
}

/** A method, whatever its arguments are. */
export type Method = MethodOf<Args>;

/** Keeps the arguments' types while the method is written down. */
export function method<A extends Args>(one: MethodOf<A>): Method {
  return one as unknown as Method;
}
