import { Worker as Listener } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Log } from '#base/log.ts';
import { abilitiesOf, rememberLeft, startAnnouncing } from './abilities.ts';
import { openDoorbell, queueName, type Ring } from './doorbell.ts';
import { type Engine, type Times, usualTimes } from './engine.ts';
import { Drained } from './interruptions.ts';
import type { AnyJob } from './job.ts';
import { makeKeys } from './keys.ts';
import type { Lease } from './lease.ts';
import { lookAt } from './look.ts';
import { connectRedis, whenReady } from './redis.ts';
import { startSweep } from './sweep.ts';
import type { Tools } from './world.ts';

export interface WorkerOptions {
  /** `redis://127.0.0.1:6379/0` */
  readonly redis: string;
  /** `{botswain}`; everything in Redis carries it. */
  readonly prefix: string;
  readonly jobs: ReadonlyMap<string, AnyJob>;
  readonly tools: Tools;
  /** Tells workers apart: host and process id. */
  readonly name: string;
  readonly log: Log;
  /** How many runs at the same time. */
  readonly concurrency?: number;
  readonly times?: Partial<Times>;
}

export interface Worker extends AsyncDisposable {
  readonly name: string;
  /** How many runs it is at work on. */
  readonly busy: number;
  /** The runs whose lease it holds. */
  readonly speaksFor: readonly string[];
  /**
   * Takes nothing new and hands its runs to the other workers; ends within `mostMs`, whatever happens. The connections are closed
   * afterwards: a drained worker is done.
   */
  drain(mostMs?: number): Promise<void>;
}

/** Looks at runs until it is drained or disposed of. Starts even when Redis is away, and begins when it is back. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { log, prefix, concurrency = 50 } = options;
  const keys = makeKeys(prefix);
  const redis = connectRedis(options.redis, 'asking', log);
  const blocking = connectRedis(options.redis, 'blocking', log);
  const hints = connectRedis(options.redis, 'blocking', log);
  const doorbell = openDoorbell(redis, keys, log);
  const draining = new AbortController();
  const leases = new Map<string, Lease>();
  const looks = new Set<Promise<void>>();

  const engine: Engine = {
    name: options.name,
    redis,
    keys,
    jobs: options.jobs,
    abilities: abilitiesOf(options.name, options.jobs, options.tools.clusters),
    tools: options.tools,
    times: { ...usualTimes, ...options.times },
    log,
    leases,
    drained: draining.signal,
    ring: (run) => doorbell.ring(run),
    hurry: (run) => (hasRoom() && !leases.has(run) ? look(run) : doorbell.ring(run)),
    noteLeft: rememberLeft({ log }),
  };

  const hasRoom = () => looks.size < concurrency;

  async function look(run: string, offered = false): Promise<void> {
    // Taken from the queue in the moment we stopped listening: somebody else's.
    if (draining.signal.aborted) return doorbell.ring(run);
    const work = lookAt(engine, run, offered);
    looks.add(work);
    await work.finally(() => looks.delete(work));
  }

  await whenReady(redis);
  const presence = await startAnnouncing(engine);
  const listener = listen(blocking, keys.bull, concurrency, look);
  listener.on('error', (error) => log.debug({ reason: error.message }, 'listener in trouble'));
  hear(hints, log, {
    // A hint makes it ask for its lease at once, and so hear of a cancel without waiting for the next renewal.
    [keys.hints]: (run) => void leases.get(run)?.renew(),
    [keys.offers]: (run) => {
      if (hasRoom() && !leases.has(run) && !draining.signal.aborted) void look(run, true);
    },
  });
  const sweep = startSweep(engine, { look, free: hasRoom });

  let ended: Promise<void> | undefined;
  async function end(mostMs: number): Promise<void> {
    sweep.stop();
    void presence[Symbol.asyncDispose]();
    const late = new AbortController();
    const limit = setTimeout(() => late.abort(), mostMs);
    const over = new Promise<void>((resolve) => late.signal.addEventListener('abort', () => resolve()));
    await Promise.race([over, leave()]);
    clearTimeout(limit);
    draining.abort(new Drained('This worker shuts down.'));
    for (const lease of leases.values()) lease.lose('the worker ended');
    for (const connection of [redis, blocking, hints]) connection.disconnect();
  }

  async function leave(): Promise<void> {
    // First of all, by force: a listener that only pauses goes on waiting at the door, and swallows the ring with which we hand over.
    await listener.close(true);
    draining.abort(new Drained('This worker shuts down.'));
    while (looks.size > 0) await Promise.all(looks);
    await doorbell[Symbol.asyncDispose]();
  }

  const drain = (mostMs = 25_000): Promise<void> => {
    ended ??= end(mostMs);
    return ended;
  };
  return {
    name: options.name,
    get busy() {
      return looks.size;
    },
    get speaksFor() {
      return [...leases.values()].filter(({ lost }) => !lost.aborted).map(({ run }) => run);
    },
    drain,
    [Symbol.asyncDispose]: () => drain(),
  };
}

function listen(
  connection: Redis,
  prefix: string,
  concurrency: number,
  look: (run: string) => Promise<void>,
): Listener<Ring> {
  // BullMQ only hands out its signal to functions that declare three parameters; ours is the lease's.
  return new Listener<Ring>(queueName, async (job, _token, _signal) => look(job.data.run), {
    connection,
    prefix,
    concurrency,
    lockDuration: 30_000,
    stalledInterval: 15_000,
    // How often a run may be taken over is ours to count: BullMQ would fail the job for good.
    maxStalledCount: 1_000_000,
    removeOnComplete: { count: 0 },
    removeOnFail: { age: 24 * 3600 },
    skipVersionCheck: true,
  });
}

/** What other processes publish: lost while the connection is, so it may only save time. */
function hear(connection: Redis, log: Log, channels: Readonly<Record<string, (run: string) => void>>): void {
  const subscribe = () =>
    void connection
      .subscribe(...Object.keys(channels))
      .catch((error: unknown) => log.debug({ err: error }, 'no hints: cancels and hand-overs take longer'));
  connection.on('message', (channel: string, run: string) => channels[channel]?.(run));
  connection.on('ready', subscribe);
  if (connection.status === 'ready') subscribe();
}
