import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { asking, call } from './scripts.ts';

/**
 * Takes a token that at most one in all processes has; `undefined` when somebody has it. A process that dies with it gives it back by its expiry,
 * and disposing of it after that takes nothing from the next one.
 */
export async function takeToken(redis: Redis, key: string, expiryMs: number): Promise<AsyncDisposable | undefined> {
  const value = randomUUID();
  const taken = await asking(() => redis.set(key, value, 'PX', expiryMs, 'NX'));
  if (taken !== 'OK') return undefined;
  return {
    async [Symbol.asyncDispose]() {
      // When Redis is away the token expires by itself, and nothing else is lost.
      await call(redis, 'giveBack', [key], [value]).catch(() => undefined);
    },
  };
}
