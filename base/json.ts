/** A value that survives a round trip through `JSON.stringify`; a property that is `undefined` is left out there. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
