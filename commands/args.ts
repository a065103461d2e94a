import type { MenuArg } from '#chat/menu.ts';

/**
 * What a command can be told. One specification gives parsing, help, completion and the registration with chat platforms. Only
 * plain kinds stand here; what a word means (is there such a VM?) is the job's to say.
 */
export interface Arg extends MenuArg {
  readonly complete?: WordSource;
}

export type WordSource = 'vm' | 'node' | 'template' | 'size' | 'run' | 'command' | 'role';

export type Args = Readonly<Record<string, Arg>>;

type Value<A extends Arg> = A['kind'] extends 'flag'
  ? boolean
  : A['kind'] extends 'whole' | 'gib' | 'mib'
    ? number
    : A['choices'] extends readonly string[]
      ? A['choices'][number]
      : string;

type Given<A extends Arg> = A['many'] extends true
  ? readonly Value<A>[]
  : A['required'] extends true
    ? Value<A>
    : A['kind'] extends 'flag'
      ? boolean
      : Value<A> | undefined;

/** The values that a command gets for its {@link Args}: `gib` and `mib` as numbers in that unit. */
export type Values<A extends Args> = { readonly [K in keyof A]: Given<A[K]> };
