import type { Place } from '#chat/platform.ts';
import { endedStates, type RunRecord, type RunState } from '#jobs/engine/record.ts';
import type { Office } from '../office.ts';

/** With more jobs than this going on in a channel, one board shows their progress instead of a card each. */
export const boardAbove = 8;

/** States in which a run's card changes by itself. */
export const moving: ReadonlySet<RunState> = new Set(['planning', 'queued', 'running', 'waiting', 'undoing']);

/** Whether nothing more happens to a run unless a person wants it. */
export const isOver = ({ state }: RunRecord): boolean =>
  endedStates.has(state) || state === 'kept' || state === 'stuck';

/** Notes whether a run's card in this channel moves. Answers how many do there now, and on the whole platform. */
export async function noteLive(
  { redis, prefix }: Office,
  { platform, channel }: Place,
  run: string,
  moves: boolean,
): Promise<{ readonly here: number; readonly onPlatform: number }> {
  const [here, all] = [`${prefix}:live:${platform}:${channel}`, `${prefix}:live:${platform}`];
  const ask = redis.multi();
  for (const key of [here, all]) moves ? ask.sadd(key, run) : ask.srem(key, run);
  const answers = await ask.scard(here).scard(all).exec();
  return { here: Number(answers?.[2]?.[1] ?? 0), onPlatform: Number(answers?.[3]?.[1] ?? 0) };
}

/** The runs that were noted as moving in this channel. */
export async function liveIn({ redis, prefix }: Office, { platform, channel }: Place): Promise<readonly string[]> {
  return (await redis.smembers(`${prefix}:live:${platform}:${channel}`)).toSorted();
}

/** Those of them that do move. The others are taken out: a run may end, or be forgotten, without its card being shown here. */
export async function movingIn(office: Office, place: Place): Promise<{ runs: RunRecord[]; taken: number }> {
  const noted = await liveIn(office, place);
  const records = await Promise.all(noted.map((id) => office.desk.runs.read(id)));
  const runs = records.flatMap((run) => (run && moving.has(run.state) ? [run] : []));
  const ids = new Set(runs.map(({ id }) => id));
  const still = noted.filter((id) => !ids.has(id));
  await Promise.all(still.map((id) => noteLive(office, place, id, false)));
  return { runs, taken: still.length };
}
