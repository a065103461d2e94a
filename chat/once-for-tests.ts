import type { Posting } from './platform.ts';

/** A message that is brought for the first time. */
export const once = (key: string): Posting => ({ key, again: false });
