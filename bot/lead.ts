import type { Redis } from 'ioredis';
import { systemClock } from '#base/clock.ts';
import { sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Lead } from '#chat/lead.ts';

const usual = { leaseMs: 15_000, renewMs: 4000 };

/** Only whoever holds the lease renews it or gives it back. KEYS: lease. ARGV: token, ms (0 gives it back). */
const holdScript = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

/** A lease in Redis decides who leads. One that cannot be renewed in time is given up before another process may take it. */
export function openLead(redis: Redis, prefix: string, log: Log, { leaseMs, renewMs } = usual): Lead {
  return async (name, act, until) => {
    const key = `${prefix}:lead:${name}`;
    while (!until.aborted) {
      const token = crypto.randomUUID();
      const mine = await redis.set(key, token, 'PX', leaseMs, 'NX').catch(() => null);
      if (mine !== null) await leadOnce(key, token, act, until);
      await systemClock.sleep(renewMs / 2, until).catch(() => undefined);
    }
  };

  async function leadOnce(
    key: string,
    token: string,
    act: (signal: AbortSignal) => Promise<void>,
    until: AbortSignal,
  ): Promise<void> {
    const lost = new AbortController();
    let heldUntil = performance.now() + leaseMs;
    const timer = setInterval(() => {
      const asked = performance.now();
      // A lease that may have ended by the time of the next look is given up now.
      if (asked > heldUntil - renewMs) return lost.abort();
      redis.eval(holdScript, 1, key, token, leaseMs).then(
        (held) => {
          if (held === 1) heldUntil = asked + leaseMs;
          else lost.abort();
        },
        (error: unknown) => log.warn({ key, reason: sentence(error) }, 'the lead could not be renewed'),
      );
    }, renewMs);
    try {
      await act(AbortSignal.any([until, lost.signal]));
    } catch (error) {
      if (!until.aborted && !lost.signal.aborted) log.error({ err: error, key }, 'leading ended with an error');
    } finally {
      clearInterval(timer);
      await redis.eval(holdScript, 1, key, token, 0).catch(() => undefined);
    }
  }
}
