import type { Pace } from '#chat/pace.ts';

const leastMs = 2000;
/** Where the platform sets no limit: not more often than anybody can see, and no more than this many a second over all cards. */
const freeMs = 100;
const freePerSecond = 100;

/**
 * How long a card rests between two edits that are not urgent: long enough that all live cards share the budget, and longer the older it is, since clients
 * let its times tick by themselves.
 */
export function pauseMs(pace: Pace, liveOnPlatform: number, ageMs: number): number {
  if (!pace.edits) return Math.max(freeMs, (liveOnPlatform * 1000) / freePerSecond);
  const share = (liveOnPlatform * 60_000) / pace.edits.perMinute;
  const byAge = ageMs > 10 * 60_000 ? 15_000 : ageMs > 2 * 60_000 ? 5000 : leastMs;
  return Math.max(share, byAge);
}
