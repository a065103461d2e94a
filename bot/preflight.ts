import type { Redis } from 'ioredis';
import { UserError } from '#base/errors.ts';
import { preflight } from '#jobs/engine/preflight.ts';
import type { Config } from './config.ts';

/** Refuses a Redis that would lose work, naming each setting. Throws a `UserError`. */
export async function requireSafeRedis(redis: Redis, config: Config): Promise<void> {
  const complaints = await preflight(redis);
  if (complaints.length === 0) return;
  const where = new URL(config.redis.url);
  throw new UserError(
    `Redis at ${where.host} would lose work:\n${complaints.map((line) => `  - ${line}`).join('\n')}`,
    {
      hint: 'docs/redis.md has the settings; docker-compose.yml shows a Redis that fits.',
    },
  );
}
