import type { Clock } from '#base/clock.ts';

/** How long until the next try, ms. */
const pauses = {
  first: 10_000,
  /** While Discord can't be reached at all: asking costs nothing. */
  away: 30_000,
  /** When sessions begin and break: Discord takes a token away that begins a thousand of them in a day. */
  breaking: 10 * 60_000,
} as const;
/** A session that lasted so long was a good one, ms. */
const goodMs = 5 * 60_000;

export interface Session {
  /** What needs no session; rejects when Discord can't be reached. */
  prepare(): Promise<void>;
  /** Ends when the signal is aborted; rejects when the session can't be held. */
  hold(): Promise<void>;
  failed(error: unknown): void;
}

/** Holds one session after the other until the signal is aborted, the more patiently the more often it breaks. Never rejects. */
export async function keepSession(
  { prepare, hold, failed }: Session,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let breaks = 0;
  while (!signal.aborted) {
    const began = clock.now();
    let prepared = false;
    try {
      await prepare();
      prepared = true;
      await hold();
    } catch (error) {
      if (signal.aborted) return;
      failed(error);
      if (clock.now() - began > goodMs) breaks = 0;
      const longest = prepared ? pauses.breaking : pauses.away;
      await clock.sleep(Math.min(pauses.first * 2 ** breaks, longest), signal).catch(() => undefined);
      if (prepared) breaks += 1;
    }
  }
}
