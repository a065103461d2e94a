import { createHash } from 'node:crypto';
import type { LabClock } from '../../clock.ts';
import { type Route, usualBucket } from './route.ts';

/** What a call may do now, and the headers that say so. */
export interface Allowance {
  readonly headers: Readonly<Record<string, string>>;
  /** Set when it is too much: for how long, and whether it holds for the whole application. */
  readonly refused: { readonly retryAfterMs: number; readonly global: boolean } | undefined;
}

interface Window {
  used: number;
  resetAt: number;
}

const globalLimit = 50;

/** Counts calls: in the bucket of their route and top-level resource, and over all routes (interactions stand apart). */
export function makeRateLimits(clock: LabClock): (route: Route, path: Readonly<Record<string, string>>) => Allowance {
  const windows = new Map<string, Window>();
  const count = (key: string, limit: number, perMs: number): Window & { over: boolean } => {
    const now = clock.now();
    const found = windows.get(key);
    const window = found && found.resetAt > now ? found : { used: 0, resetAt: now + perMs };
    windows.set(key, window);
    const over = window.used >= limit;
    if (!over) window.used += 1;
    return { ...window, over };
  };

  return (route, path) => {
    if (route.bucket === 'none') return { headers: {}, refused: undefined };
    const ofAll = route.access === 'open' ? undefined : count('all', globalLimit, 1_000);
    if (ofAll?.over) return refusal(ofAll.resetAt - clock.now(), true);
    const { limit, perMs } = route.bucket ?? usualBucket;
    const name = `${route.method} ${route.path}`;
    const resource = path.channel ?? path.guild ?? path.token ?? '';
    const window = count(`${name} ${resource}`, limit, perMs);
    const leftMs = window.resetAt - clock.now();
    const headers = {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(limit - window.used),
      'x-ratelimit-reset': (window.resetAt / 1_000).toFixed(3),
      'x-ratelimit-reset-after': (leftMs / 1_000).toFixed(3),
      'x-ratelimit-bucket': createHash('md5').update(name).digest('hex'),
    };
    return window.over ? refusal(leftMs, false, headers) : { headers, refused: undefined };
  };
}

/** What a 429 says, in ms. */
export function refusal(retryAfterMs: number, global: boolean, more: Readonly<Record<string, string>> = {}): Allowance {
  const headers = {
    ...more,
    'retry-after': String(Math.ceil(retryAfterMs / 1_000)),
    'x-ratelimit-scope': global ? 'global' : 'user',
    ...(global ? { 'x-ratelimit-global': 'true' } : {}),
  };
  return { headers, refused: { retryAfterMs, global } };
}
