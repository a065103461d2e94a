import type { Clock } from '#base/clock.ts';
import { ms } from '#base/duration.ts';
import { Refusal } from './refusal.ts';

export interface Tries {
  /** Throws a {@link Refusal} while this address has to wait. */
  check(address: string): void;
  /** Notes a wrong key: after three of them each further one doubles the wait, from 1 s to a minute. */
  wrong(address: string): void;
  right(address: string): void;
}

const forgottenAfter = ms('15m');
const longest = ms('1m');
const mostAddresses = 10_000;

/** Makes guessing keys slow, for each address by itself. */
export function countTries(clock: Clock): Tries {
  const known = new Map<string, { readonly count: number; readonly at: number }>();
  return {
    check(address) {
      const { count = 0, at = 0 } = known.get(address) ?? {};
      if (count < 3) return;
      const left = at + Math.min(1000 * 2 ** (count - 3), longest) - clock.now();
      if (left <= 0) return;
      const seconds = Math.ceil(left / 1000);
      throw new Refusal(429, `Too many wrong keys: wait ${seconds} s before the next try.`, { 'Retry-After': seconds });
    },
    wrong(address) {
      const now = clock.now();
      const earlier = known.get(address);
      const count = earlier && now - earlier.at < forgottenAfter ? earlier.count + 1 : 1;
      // Deleted first, so that the map stays in the order of the last try and the oldest is the one to forget.
      known.delete(address);
      known.set(address, { count, at: now });
      const [oldest] = known.keys();
      if (known.size > mostAddresses && oldest !== undefined) known.delete(oldest);
    },
    right(address) {
      known.delete(address);
    },
  };
}
