import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Log } from '#base/log.ts';
import { atSite } from '#base/site.ts';
import { removeGoneConsumers } from '#redis/gone-consumers.ts';
import { makeKeys } from './keys.ts';
import { pairs } from './log-lines.ts';
import type { RunState } from './record.ts';
import { connectRedis, unlessAborted } from './redis.ts';

/** Something happened to a run. The run itself says what it is now; an event is a reason to look. */
export interface RunEvent {
  /** Sorts by time. */
  readonly id: string;
  readonly runId: string;
  /** The state after it. */
  readonly state: RunState;
  /** `submitted`, `step done`, `note`, `log`, `approved` … */
  readonly kind: string;
  /** The step's id; empty when it is about the run. */
  readonly step: string;
  /** For `note` and `log`: the line. */
  readonly text: string;
}

export interface FollowOptions {
  readonly url: string;
  readonly prefix: string;
  /** Each group gets every event once; within a group, one of its consumers does. */
  readonly group: string;
  readonly consumer: string;
  readonly signal: AbortSignal;
  readonly log?: Log;
  /** A consumer that has not asked for so long is forgotten, as its process is gone: 10 minutes unless told. */
  readonly goneMs?: number;
  /** Events of a consumer that did not finish them for so long are taken over: 4 s unless told, as handling them should take a moment only. */
  readonly abandonedMs?: number;
}

const atOnce = 100;
const blockMs = 2000;
/** Events come one by one, close together. So long after some came, those of the meantime are taken at once, which is much less work. */
const gatherMs = 20;
/** After events that could not be handled: so long until they come again, and twice as long each time after that. */
const firstPauseMs = 250;

/**
 * Calls `handle` with whatever happened since, in order, every event at least once, until the signal is aborted. Events count as handled when
 * `handle` resolves; when it rejects, they come again soon, and later ones need not wait for them. Outages of Redis are waited out.
 */
export async function followRuns(
  options: FollowOptions,
  handle: (events: readonly RunEvent[]) => Promise<void>,
): Promise<void> {
  const { signal, log, abandonedMs = 4_000, goneMs = 600_000 } = options;
  const stream = makeKeys(options.prefix).outbox;
  const redis = connectRedis(options.url, 'blocking', log);
  const stop = () => redis.disconnect();
  signal.addEventListener('abort', stop, { once: true });
  const ask = <T>(asked: Promise<T>) => unlessAborted(signal, asked);

  let pauseMs = firstPauseMs;
  let againAt = 0;

  async function take(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0 || signal.aborted) return;
    try {
      // An entry that was trimmed away meanwhile comes without fields.
      await handle(entries.flatMap(([id, flat]) => (flat ? [eventOf(id, flat)] : [])));
    } catch (error) {
      if (!signal.aborted) log?.error({ err: error }, 'events not handled');
      againAt = performance.now() + Math.min(pauseMs, abandonedMs);
      pauseMs = Math.min(pauseMs * 2, abandonedMs);
      return;
    }
    pauseMs = firstPauseMs;
    const ids = entries.map(([id]) => id);
    await atSite('outbox/handled', () => ask(redis.xack(stream, options.group, ...ids)));
  }

  let hasGroup = false;
  while (!signal.aborted) {
    try {
      if (!hasGroup) await ask(makeGroup(redis, stream, options.group));
      hasGroup = true;
      if (performance.now() >= againAt) {
        againAt = performance.now() + abandonedMs;
        await take(await ask(claimAbandoned(redis, stream, options, abandonedMs)));
        await ask(removeGoneConsumers(redis, stream, options.group, goneMs));
      }
      const waitMs = Math.min(blockMs, Math.max(againAt - performance.now(), 1));
      const fresh = await ask(readNew(redis, stream, options, waitMs));
      await take(fresh);
      if (fresh.length > 0) await ask(sleep(gatherMs));
    } catch (error) {
      if (signal.aborted) break;
      log?.warn({ err: error }, 'events wait for Redis');
      // The group is gone with a Redis that was wiped, and what was answered in between was lost.
      hasGroup = false;
      againAt = 0;
      await sleep(500);
    }
  }
  signal.removeEventListener('abort', stop);
  redis.disconnect();
}

type Entry = readonly [id: string, flat: readonly string[] | null];

async function makeGroup(redis: Redis, stream: string, group: string): Promise<void> {
  try {
    await redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
  }
}

async function claimAbandoned(
  redis: Redis,
  stream: string,
  { group, consumer }: FollowOptions,
  idleMs: number,
): Promise<readonly Entry[]> {
  const own = await readPending(redis, stream, group, consumer);
  const [, claimed] = (await redis.xautoclaim(stream, group, consumer, idleMs, '0', 'COUNT', atOnce)) as [
    string,
    Entry[],
  ];
  return [...own, ...claimed.filter(([id]) => own.every(([known]) => known !== id))];
}

/** What this consumer was given before and did not finish. */
async function readPending(redis: Redis, stream: string, group: string, consumer: string): Promise<Entry[]> {
  return entriesOf(await redis.xreadgroup('GROUP', group, consumer, 'COUNT', atOnce, 'STREAMS', stream, '0'));
}

async function readNew(
  redis: Redis,
  stream: string,
  { group, consumer }: FollowOptions,
  waitMs: number,
): Promise<Entry[]> {
  return entriesOf(
    await redis.xreadgroup(
      'GROUP',
      group,
      consumer,
      'COUNT',
      atOnce,
      'BLOCK',
      Math.ceil(waitMs),
      'STREAMS',
      stream,
      '>',
    ),
  );
}

/** The only stream's entries: a list of pairs, or a map in the newer protocol. */
function entriesOf(answer: unknown): Entry[] {
  if (answer === null || answer === undefined) return [];
  const streams = Array.isArray(answer) ? answer : Object.entries(answer);
  return (streams[0] as [string, Entry[]] | undefined)?.[1] ?? [];
}

function eventOf(id: string, flat: readonly string[]): RunEvent {
  const fields = pairs(flat);
  return {
    id,
    runId: fields.get('run') ?? '',
    state: (fields.get('state') ?? 'planning') as RunState,
    kind: fields.get('what') ?? '',
    step: fields.get('step') ?? '',
    text: fields.get('text') ?? '',
  };
}
