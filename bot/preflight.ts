import type { Redis } from 'ioredis';
import { systemClock } from '#base/clock.ts';
import { RemoteError, sentence, UserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { preflight, requireDatabase } from '#jobs/engine/preflight.ts';
import { connectRedis } from '#jobs/engine/redis.ts';
import { placeOf } from '#jobs/engine/redis-url.ts';
import type { Config } from './config.ts';

/** How long a part that starts waits for a Redis that is away, and between two looks, ms: it may be starting too. */
const usual = { patienceMs: 15_000, restMs: 250 };

/** A connection to a Redis that loses no work; see {@link requireSafeRedis}. Waits a while for one that is away. Nothing stays open when it is refused. */
export async function openSafeRedis(config: Config, log: Log, { patienceMs, restMs } = usual): Promise<Redis> {
  const redis = connectRedis(config.redis.url, 'asking');
  const since = performance.now();
  for (let tries = 1; ; tries++) {
    try {
      await requireSafeRedis(redis, config, log);
      return redis;
    } catch (error) {
      const isAway = error instanceof RemoteError && error.outcome !== 'permanent';
      if (!isAway || performance.now() - since > patienceMs) {
        redis.disconnect();
        throw error;
      }
      if (tries === 1) log.warn({ reason: sentence(error) }, 'waiting for Redis');
      await systemClock.sleep(restMs);
    }
  }
}

/**
 * Refuses a Redis that would lose work, naming each setting (a `UserError`); with `redis.unsafe: warn`, as in the lab, it only says so in the log. Answers what
 * is advised, which is logged too. Rejects with a `RemoteError` when it has not the database that its address names.
 */
export async function requireSafeRedis(redis: Redis, config: Config, log: Log): Promise<readonly string[]> {
  await requireDatabase(redis);
  const { complaints, advice } = await preflight(redis);
  for (const line of advice) log.warn(line);
  if (complaints.length === 0) return advice;
  const list = complaints.map((line) => `  - ${line}`).join('\n');
  const message = `Redis at ${placeOf(config.redis.url)} would lose work:\n${list}`;
  const hint = 'docs/redis.md has the settings; docker-compose.yml shows a Redis that fits.';
  if (config.redis.unsafe === 'refuse') throw new UserError(message, { hint });
  log.warn(message);
  return advice;
}
