import type { MessageRef, Place } from '#chat/platform.ts';
import type { RunRecord } from '#jobs/engine/record.ts';
import { gated } from '#jobs/engine/redis.ts';
import type { Office } from '../office.ts';

const keptS = 30 * 24 * 3600;

/** Where a run was asked for; undefined when that was in no chat, so that nobody has to be shown its card. */
export function originOf({ origin }: RunRecord): (Place & { readonly account?: string }) | undefined {
  const { platform, channel } = (origin ?? {}) as Partial<Place>;
  if (typeof platform !== 'string' || typeof channel !== 'string') return undefined;
  return origin as unknown as Place & { account?: string };
}

/** Notes that a message's thread is about a run. */
export async function noteThread(office: Office, { place, id }: MessageRef, run: string): Promise<void> {
  await office.redis.set(threadKey(office, { ...place, thread: id }), run, 'EX', keptS);
}

/** The run whose card's thread this is. */
export async function runOfThread(office: Office, place: Place): Promise<string | undefined> {
  return (await gated(office.redis, () => office.redis.get(threadKey(office, place)))) ?? undefined;
}

const threadKey = ({ prefix }: Office, { platform, channel, thread = '' }: Place) =>
  `${prefix}:thread:${platform}:${channel}:${thread}`;
