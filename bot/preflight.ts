import type { Redis } from 'ioredis';
import { UserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { preflight } from '#jobs/engine/preflight.ts';
import { connectRedis } from '#jobs/engine/redis.ts';
import type { Config } from './config.ts';

/** A connection to a Redis that loses no work; see {@link requireSafeRedis}. Nothing stays open when it is refused. */
export async function openSafeRedis(config: Config, log: Log): Promise<Redis> {
  const redis = connectRedis(config.redis.url, 'asking');
  try {
    await requireSafeRedis(redis, config, log);
    return redis;
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

/**
 * Refuses a Redis that would lose work, naming each setting (a `UserError`); with `redis.unsafe: warn`, as in the lab, it only says so in the log. Answers what
 * is advised, which is logged too.
 */
export async function requireSafeRedis(redis: Redis, config: Config, log: Log): Promise<readonly string[]> {
  const { complaints, advice } = await preflight(redis);
  for (const line of advice) log.warn(line);
  if (complaints.length === 0) return advice;
  const where = new URL(config.redis.url);
  const list = complaints.map((line) => `  - ${line}`).join('\n');
  const message = `Redis at ${where.host} would lose work:\n${list}`;
  const hint = 'docs/redis.md has the settings; docker-compose.yml shows a Redis that fits.';
  if (config.redis.unsafe === 'refuse') throw new UserError(message, { hint });
  log.warn(message);
  return advice;
}
