import { randomBytes } from 'node:crypto';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Log } from '#base/log.ts';
import type { Keys } from './keys.ts';

/** What a doorbell says. Nothing else is ever in a BullMQ job. */
export interface Ring {
  readonly run: string;
}

export const queueName = 'looks';

export interface Doorbell extends AsyncDisposable {
  /** Tells the workers to look at a run. Never rejects: losing a ring costs seconds, because workers sweep. */
  ring(run: string): Promise<void>;
}

/** Rings through a connection of the `asking` kind, which stays the caller's. */
export function openDoorbell(redis: Redis, keys: Keys, log: Log | undefined): Doorbell {
  const queue = new Queue<Ring>(queueName, {
    connection: redis,
    prefix: keys.bull,
    skipVersionCheck: true,
    skipMetasUpdate: true,
  });
  queue.on('error', (error) => log?.debug({ reason: error.message }, 'doorbell in trouble'));
  const ringing = new Set<Promise<void>>();

  async function add(run: string): Promise<void> {
    if (redis.status !== 'ready') return;
    try {
      // A fresh id each time: BullMQ drops a job whose id it knows, even when that one is under way and will not look again.
      await queue.add('look', { run }, { jobId: `${run}-${randomBytes(6).toString('hex')}` });
    } catch (error) {
      log?.debug({ run, reason: String(error) }, 'ring lost');
    }
  }

  return {
    ring(run) {
      const ring = add(run).finally(() => ringing.delete(ring));
      ringing.add(ring);
      return ring;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(ringing);
      await queue.close();
    },
  };
}
