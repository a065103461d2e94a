import type { Person } from '#chat/platform.ts';
import { endedStates } from '#jobs/engine/record.ts';
import { gated } from '#jobs/engine/redis.ts';
import type { Office } from '../office.ts';
import { mark } from './slots.ts';

const keptS = 30 * 24 * 3600;

/** Notes that a person wants to be told, in a direct message, when a run is over. Answers what to say to them. */
export async function watch(office: Office, run: string, by: Person): Promise<string> {
  const record = await office.desk.runs.read(run);
  if (!record) return 'This job is not known any more.';
  if (endedStates.has(record.state)) return 'This job has ended already.';
  const key = watchersKey(office, run);
  await gated(office.redis, () => office.redis.multi().sadd(key, by.account).expire(key, keptS).exec());
  return 'You get a message when it is over.';
}

/** Marks what watchers of this run see. */
export async function markWatchers(office: Office, run: string): Promise<void> {
  for (const account of await office.redis.smembers(watchersKey(office, run))) {
    await mark(office, { kind: 'watch', run, account }, true);
  }
}

const watchersKey = ({ prefix }: Office, run: string) => `${prefix}:watchers:${run}`;
