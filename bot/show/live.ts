import type { Place } from '#chat/platform.ts';
import type { Office } from '../office.ts';

/** With more jobs than this going on in a channel, one board shows their progress instead of a card each. */
export const boardAbove = 8;

/** Notes whether a run's card in this channel moves. Answers how many do there now, and on the whole platform. */
export async function noteLive(
  { redis, prefix }: Office,
  { platform, channel }: Place,
  run: string,
  moving: boolean,
): Promise<{ readonly here: number; readonly onPlatform: number }> {
  const [here, all] = [`${prefix}:live:${platform}:${channel}`, `${prefix}:live:${platform}`];
  const ask = redis.multi();
  for (const key of [here, all]) moving ? ask.sadd(key, run) : ask.srem(key, run);
  const answers = await ask.scard(here).scard(all).exec();
  return { here: Number(answers?.[2]?.[1] ?? 0), onPlatform: Number(answers?.[3]?.[1] ?? 0) };
}

/** The runs whose cards move in this channel. */
export async function liveIn({ redis, prefix }: Office, { platform, channel }: Place): Promise<readonly string[]> {
  return (await redis.smembers(`${prefix}:live:${platform}:${channel}`)).toSorted();
}
