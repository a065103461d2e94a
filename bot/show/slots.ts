import type { Redis } from 'ioredis';
import type { MessageRef, Place } from '#chat/platform.ts';
import { runScript } from './scripts.ts';

/**
 * One message that shows the state of something, in one place: a run's card where it was asked for, the same for somebody who watches it, a channel's board. What stands there is always
 * drawn anew from the state, so only the newest counts, and one gateway at a time draws it.
 */
export type Slot =
  | { readonly kind: 'run'; readonly run: string; readonly platform: string; readonly channel: string }
  | { readonly kind: 'watch'; readonly run: string; readonly account: string }
  | { readonly kind: 'board'; readonly platform: string; readonly channel: string };

/** What is kept of a slot between two times that it is shown. */
export interface Shown {
  readonly ref?: MessageRef;
  /** Where it goes instead of where it was meant to: the place took no messages. */
  readonly moved?: Place;
  /** When `ref` was posted, ms since the epoch by this machine's clock. */
  readonly postedAt?: number;
  /** Of what `ref` shows. */
  readonly hash?: string;
  /** The last line of the run's log that its thread has. */
  readonly cursor?: string;
  /** The post that was begun, and maybe made: its key. */
  readonly trying?: string;
  /** How many messages came before `ref`, because those could not be edited any more. */
  readonly parts?: number;
  /** What the thread has got besides lines of the log: `plan`, `end:1795227928`. */
  readonly told?: readonly string[];
  /** How often in a row it failed. */
  readonly failures?: number;
  /** Since when the platform refuses it for good, ms since the epoch by this machine's clock; not since it was last shown. */
  readonly refusedSince?: number | undefined;
}

export interface Taken {
  readonly slot: Slot;
  readonly name: string;
  readonly revision: string;
  readonly urgent: boolean;
  readonly token: string;
}

/** A gateway that says nothing of a slot for so long has died: another one shows it. */
const leaseMs = 5_000;
/** How often one that is at work on slots says so. */
export const holdEveryMs = 1_500;

/** Another gateway has the slot. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver';
}

interface Shared {
  readonly redis: Redis;
  readonly prefix: string;
}

const due = ({ prefix }: Shared) => `${prefix}:show:due`;
const slotKey = ({ prefix }: Shared, name: string) => `${prefix}:show:slot:${name}`;

/** Says that a slot has something new to show. */
export async function mark(shared: Shared, slot: Slot, urgent: boolean): Promise<void> {
  const name = nameOf(slot);
  await runScript(shared.redis, 'mark', [due(shared), slotKey(shared, name)], [name, urgent ? '1' : '0']);
}

/**
 * Takes what is due, the most urgent first; nobody else gets it until it is settled, or its lease is over. After an answer was lost, `again` is asked with the
 * same token, and answers what was taken then too.
 */
export async function takeDue(
  shared: Shared,
  most: number,
  { token = crypto.randomUUID() as string, again = false, forMs = leaseMs } = {},
): Promise<Taken[]> {
  const args = [slotKey(shared, ''), most, forMs, token, again ? '1' : ''];
  const flat = (await runScript(shared.redis, 'take', [due(shared)], args)) as string[];
  const taken: Taken[] = [];
  for (let i = 0; i + 2 < flat.length; i += 3) {
    const [name = '', revision = '', urgent] = flat.slice(i, i + 3);
    taken.push({ slot: slotOf(name), name, revision, urgent: urgent === '1', token });
  }
  return taken;
}

/** Says that these are still being shown. */
export async function hold(shared: Shared, taken: readonly Taken[]): Promise<void> {
  const which = taken.flatMap(({ name, token }) => [name, token]);
  if (which.length > 0) await runScript(shared.redis, 'hold', [due(shared)], [slotKey(shared, ''), leaseMs, ...which]);
}

/** Gives a slot back: done, and to be looked at again no sooner than after the pause; `again` when it has to be. */
export async function settle(shared: Shared, taken: Taken, pauseMs: number, again: boolean): Promise<void> {
  const { name, token, revision, urgent } = taken;
  const keys = [due(shared), slotKey(shared, name)];
  await runScript(shared.redis, 'settle', keys, [
    ...[name, token, revision, Math.ceil(pauseMs)],
    ...[again, urgent].map((yes) => (yes ? '1' : '0')),
  ]);
}

/** What was noted of the slot; without its hash when somebody who was late may have written over what stood there. */
export async function readShown(shared: Shared, name: string): Promise<Shown> {
  const [text, anew] = await shared.redis.hmget(slotKey(shared, name), 'shown', 'anew');
  const shown = JSON.parse(text ?? '{}') as Shown;
  return anew ? { ...shown, hash: '' } : shown;
}

/** Notes what stands there now. Rejects with {@link TakenOver} when another gateway has the slot; it is then shown once more. */
export async function writeShown(
  shared: Shared,
  { name, token }: Pick<Taken, 'name' | 'token'>,
  shown: Shown,
): Promise<void> {
  const keys = [due(shared), slotKey(shared, name)];
  const noted = await runScript(shared.redis, 'note', keys, [name, token, JSON.stringify(shown)]);
  if (noted !== 1) throw new TakenOver('Another gateway shows this by now.');
}

/** How long until the next slot is due, ms; undefined when none is. */
export async function nextDueMs(shared: Shared): Promise<number | undefined> {
  const [first, [seconds, micros]] = await Promise.all([
    shared.redis.zrange(due(shared), '0', '0', 'WITHSCORES'),
    shared.redis.time() as Promise<[number, number]>,
  ]);
  const at = first[1];
  return at === undefined ? undefined : Math.max(0, Number(at) - (Number(seconds) * 1000 + Number(micros) / 1000));
}

const parts = (slot: Slot): readonly string[] => {
  switch (slot.kind) {
    case 'run':
      return [slot.kind, slot.run, slot.platform, slot.channel];
    case 'watch':
      return [slot.kind, slot.run, slot.account];
    case 'board':
      return [slot.kind, slot.platform, slot.channel];
  }
};

/** `run/r-7f3k2q/slack/C0OPS` */
export const nameOf = (slot: Slot): string => parts(slot).map(encodeURIComponent).join('/');

function slotOf(name: string): Slot {
  const [kind, a = '', b = '', channel = ''] = name.split('/').map(decodeURIComponent);
  if (kind === 'board') return { kind, platform: a, channel: b };
  if (kind === 'watch') return { kind, run: a, account: b };
  return { kind: 'run', run: a, platform: b, channel };
}
