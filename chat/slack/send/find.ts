import type { Place } from '#chat/platform.ts';
import { codeOf } from '../errors.ts';
import type { Bench } from './bench.ts';

/** What marks our messages, so that they are known again. */
export const cardEvent = 'botswain_card';

interface Posted {
  readonly ts?: string;
  readonly user?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: object };
  readonly files?: readonly { readonly name?: string | null }[];
}

const perPage = 200;
const mostPages = 3;

/**
 * The message that was posted under a key, if it is among the last 600 of its place (conversations.history or .replies with include_all_metadata). Where the bot may post but not read it finds
 * nothing: better told twice than never.
 */
export async function findPosted(bench: Bench, place: Place, key: string): Promise<string | undefined> {
  const found = await look(bench, place, ({ metadata }) => {
    const { key: theirs } = (metadata?.event_payload ?? {}) as { key?: unknown };
    return metadata?.event_type === cardEvent && theirs === key;
  });
  return found?.ts;
}

/** Whether a file of this name was put into a thread by the bot already. */
export async function hasFile(bench: Bench, place: Place, name: string): Promise<boolean> {
  const found = await look(
    bench,
    place,
    ({ user, files = [] }) => user === bench.self && files.some((file) => file.name === name),
  );
  return found !== undefined;
}

async function look(
  { clients, condition }: Bench,
  place: Place,
  fits: (posted: Posted) => boolean,
): Promise<Posted | undefined> {
  const { channel, thread } = place;
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const common = { channel, limit: perPage, include_all_metadata: true, ...(cursor ? { cursor } : {}) };
    const read = () =>
      thread === undefined
        ? clients.api.conversations.history(common)
        : clients.api.conversations.replies({ ...common, ts: thread });
    const answer = await condition.call(async () => {
      try {
        return await read();
      } catch (error) {
        if (['not_in_channel', 'channel_not_found', 'thread_not_found'].includes(codeOf(error) ?? '')) return undefined;
        throw error;
      }
    });
    const posted = (answer?.messages ?? []) as readonly Posted[];
    const found = posted.find(fits);
    if (found) return found;
    cursor = answer?.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) return undefined;
  }
  return undefined;
}
