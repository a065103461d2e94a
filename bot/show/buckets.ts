import type { Redis } from 'ioredis';
import type { Budget, Pace } from '#chat/pace.ts';
import type { Place } from '#chat/platform.ts';
import { runScript } from './scripts.ts';

interface Shared {
  readonly redis: Redis;
  readonly prefix: string;
}

/** What a message costs its platform. */
export type Sending = 'edit' | 'post';

/** The part of a bucket that only urgent messages may use. */
const reserved = 0.3;

/**
 * Asks for the right to send one message, shared by all gateways. Answers 0 when it may go now, otherwise how many ms to wait.
 * What is not urgent leaves some of the budget to what is.
 */
export async function spend(
  office: Shared,
  { pace, place, sending, urgent }: { pace: Pace; place: Place; sending: Sending; urgent: boolean },
): Promise<number> {
  const wanted = budgets(pace, place, sending);
  if (wanted.length === 0) return 0;
  const keys = wanted.map(({ name }) => `${office.prefix}:bucket:${name}`);
  const args = wanted.flatMap(({ budget }) => [
    budget.perMinute,
    budget.burst,
    urgent ? 0 : Math.floor(budget.burst * reserved),
  ]);
  return Number(await runScript(office.redis, 'spend', keys, args));
}

/** The platform said that it is too much: nothing of this kind goes there for so long. */
export async function shut(
  office: Shared,
  { pace, place, sending }: { pace: Pace; place: Place; sending: Sending },
  forMs: number,
): Promise<void> {
  // The narrowest one: what a platform says of one channel shall not hold up another.
  const { name } = budgets(pace, place, sending).at(-1) ?? {};
  if (name === undefined) return;
  await runScript(office.redis, 'shut', [`${office.prefix}:bucket:${name}`], [Math.ceil(forMs)]);
}

function budgets(
  pace: Pace,
  { platform, channel, thread }: Place,
  sending: Sending,
): { name: string; budget: Budget }[] {
  const [whole, own] = sending === 'edit' ? [pace.edits, pace.editsInChannel] : [pace.posts, pace.postsInChannel];
  const room = pace.threadsApart ? (thread ?? channel) : channel;
  return [
    ...(whole ? [{ name: `${platform}:${sending}`, budget: whole }] : []),
    ...(own ? [{ name: `${platform}:${sending}:${room}`, budget: own }] : []),
  ];
}
