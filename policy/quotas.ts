import { z } from 'zod';
import { UserError } from '#base/errors.ts';

/** How much one person may ask for, so that their rush does not stand before everybody else's work. */
export const Limits = z.strictObject({
  /** Lines, forms and buttons in one minute. Deciding is not counted, and stopping by {@link forStopping}. */
  commandsPerMinute: z.int().min(1).default(60),
  /** Jobs of one person that have not begun: they plan, are asked about, or wait for their turn. */
  waiting: z.int().min(1).default(50),
});
export type Limits = z.infer<typeof Limits>;

/**
 * The limits for stopping something: ten times as wide, and counted apart. Nobody has to wait behind their own work to
 * stop it, and yet no rush of it stands before other people's.
 */
export const forStopping = ({ commandsPerMinute, waiting }: Limits): Limits => ({
  commandsPerMinute: 10 * commandsPerMinute,
  waiting: 10 * waiting,
});

/** It is too much at once. Said in the answer to the request itself, which costs nobody anything. */
export class OverLimit extends UserError {}

/** Throws an {@link OverLimit} when `count` commands within this minute are more than one person may give; `leftMs` is the rest of it. */
export function ensurePace({ commandsPerMinute }: Limits, name: string, count: number, leftMs: number): void {
  if (count <= commandsPerMinute) return;
  const seconds = Math.max(1, Math.ceil(leftMs / 1000));
  throw new OverLimit(`${name}, that is more than ${commandsPerMinute} commands in a minute: wait ${seconds} s.`);
}

/** Throws an {@link OverLimit} when a person has `count` jobs that wait, and one more would be too many. */
export function ensureRoom({ waiting }: Limits, name: string, count: number): void {
  if (count < waiting) return;
  throw new OverLimit(`${name}, ${count} of your jobs have not begun: one person may have ${waiting} that wait.`, {
    hint: '/job list --mine',
  });
}
