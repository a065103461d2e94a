import type { Filled, Invocation, Person, Press } from '#chat/platform.ts';

/** What came in, with the person behind the account. */
export type Line = Invocation & { readonly by: Person };
export type PressedBy = Press & { readonly by: Person };
export type FilledBy = Filled & { readonly by: Person };
