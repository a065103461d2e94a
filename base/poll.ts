import type { Clock } from './clock.ts';

export interface PollOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly firstMs: number;
  readonly mostMs: number;
}

/** Calls `look` until it answers something, waiting twice as long each time. Ends only by an answer, an error or the signal. */
export async function poll<T>(look: () => Promise<T | undefined>, options: PollOptions): Promise<T> {
  for (let waitMs = options.firstMs; ; waitMs = Math.min(waitMs * 2, options.mostMs)) {
    options.signal.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    await options.clock.sleep(waitMs, options.signal);
  }
}
