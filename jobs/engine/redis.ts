import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '#base/log.ts';
import { redisAway, redisTrouble, rememberTrouble } from './redis-trouble.ts';

/**
 * - `asking`: commands that somebody waits for. Answers or fails within 2 s; nothing is kept back and sent later, so that
 *   "nothing was started" is true when we say it.
 * - `blocking`: for reads that wait for something to happen (BullMQ, streams, subscriptions). Never gives up.
 */
export type ConnectionKind = 'asking' | 'blocking';

/** A connection to Redis that keeps itself alive. Whoever opens it closes it with `disconnect()`. */
export function connectRedis(url: string, kind: ConnectionKind, log?: Log): Redis {
  const redis = new Redis(url, kind === 'asking' ? { ...shared, ...asking } : { ...shared, ...blocking });
  // Without a listener ioredis writes each failed attempt to the console.
  redis.on('error', (error: Error) => log?.debug({ reason: error.message }, 'Redis cannot be reached'));
  rememberTrouble(redis);
  return redis;
}

const shared = {
  retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 5), 1000),
  connectTimeout: 2000,
  // ioredis would do it without looking what comes of it: a connection that is closed in that moment ends the process.
  autoResubscribe: false,
} satisfies RedisOptions;
const asking = { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 2000 } satisfies RedisOptions;
const blocking = { maxRetriesPerRequest: null } satisfies RedisOptions;

/** Waits until a connection that is being made is up, or fails, at most `mostMs`. A Redis that is away is no reason not to start. */
export async function whenReady(redis: Redis, mostMs = 2000): Promise<void> {
  if (redis.status !== 'connecting' && redis.status !== 'connect') return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, mostMs);
    function done() {
      clearTimeout(timer);
      redis.off('ready', done).off('close', done);
      resolve();
    }
    redis.once('ready', done).once('close', done);
  });
}

/**
 * What a blocking connection was asked; rejects with the signal's reason when it is aborted first. ioredis keeps what is asked while Redis is away, and
 * `disconnect()` does not end it.
 */
export async function unlessAborted<T>(signal: AbortSignal, asked: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const end = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    return await Promise.race([asked, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Asks only when Redis is there, so that "nothing was started" is true when it is not. Rejects with a `RemoteError`. */
export async function gated<T>(redis: Redis, ask: () => Promise<T>): Promise<T> {
  await whenReady(redis);
  if (redis.status !== 'ready') throw redisAway(redis);
  try {
    return await ask();
  } catch (error) {
    throw redisTrouble(error) ?? error;
  }
}
