import { Redis, type RedisOptions } from 'ioredis';
import { RemoteError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';

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
  if (redis.status !== 'ready') throw redisAway();
  try {
    return await ask();
  } catch (error) {
    throw redisTrouble(error) ?? error;
  }
}

/** What a failed command means for the one who asked; `undefined` when it is a bug of ours and no trouble of Redis'. */
export function redisTrouble(error: unknown): RemoteError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'ReplyError') {
    if (!refusals.test(error.message)) return undefined;
    return new RemoteError('Redis', `${error.message}. Nothing was started.`, { outcome: 'passing', cause: error });
  }
  if (error.message.includes("isn't writeable")) return redisAway(error);
  if (!losses.test(error.message)) return undefined;
  const message = 'The answer was lost, so this may or may not have been done.';
  return new RemoteError('Redis', message, { outcome: 'unknown', cause: error });
}

/** For a command that was not even sent. */
function redisAway(cause?: unknown): RemoteError {
  const message = 'It cannot be reached. Nothing was started.';
  return new RemoteError('Redis', message, { outcome: 'passing', hint: 'Try again in a moment.', cause });
}

/** Redis understood, and could not at the time: it did nothing. */
const refusals = /^(OOM|MISCONF|LOADING|READONLY|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MAXCLIENTS|ERR max)/;
const losses = /timed out|connection is closed|max retries per request|ECONN|EPIPE|socket|closed/i;
