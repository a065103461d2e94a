import type { World } from '../world.ts';
import type { Method } from './method.ts';

/** How many seconds a call has to wait; `undefined` when it may go on. Refused calls do not count. */
export type RateLimits = (name: string, method: Method, channel: unknown) => number | undefined;

/** At once in one channel, before it is one a second. Slack speaks of "short bursts" only. */
const burst = 4;
/** Messages a minute in the whole workspace: "several hundred". */
const postsOfAll = 300;

const minuteMs = 60_000;

interface Bucket {
  left: number;
  at: number;
}

/** Counts calls, each method for itself, as Slack does for each app and workspace. */
export function makeRateLimits({ clock, settings }: World): RateLimits {
  const buckets = new Map<string, Bucket>();

  /** A bucket of `size` that fills up again by `perMs` a millisecond. */
  function take(key: string, size: number, perMs: number): number | undefined {
    const now = clock.now();
    const before = buckets.get(key) ?? { left: size, at: now };
    const left = Math.min(size, before.left + (now - before.at) * perMs);
    const taken = left >= 1;
    buckets.set(key, { left: taken ? left - 1 : left, at: now });
    return taken ? undefined : Math.max(1, Math.ceil((1 - left) / perMs / 1_000));
  }

  return (name, { tier }, channel) => {
    const share = settings.rateLimits;
    if (share === Number.POSITIVE_INFINITY) return undefined;
    if (tier === 'post') {
      const waitS = take(`${name} ${channel}`, burst * share, share / 1_000);
      return waitS ?? take(name, postsOfAll * share, (postsOfAll * share) / minuteMs);
    }
    const perMinute = [0, 1, 20, 50, 100][tier === 'special' ? 4 : tier] ?? 100;
    return take(name, perMinute * share, (perMinute * share) / minuteMs);
  };
}
