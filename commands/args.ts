/**
 * What a command can be told. One specification gives parsing, help, completion and the registration with chat platforms. Only
 * plain kinds stand here; what a word means (is there such a VM?) is the job's to say.
 */
export interface Arg {
  readonly kind: 'text' | 'whole' | 'gib' | 'mib' | 'flag' | 'choice';
  readonly about: string;
  /** Given by its place in the line as well as by its name. */
  readonly positional?: true;
  readonly required?: true;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** What to offer for completion, and what a wrong word is compared with. */
  readonly complete?: WordSource;
  /** `--dns 1.1.1.1 --dns 9.9.9.9`, or with commas. */
  readonly many?: true;
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
