import { createHash } from 'node:crypto';
import { type APIMessage, Routes, SnowflakeUtil } from 'discord.js';
import type { Card } from '#base/card.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import type { MessageRef, Place, Posting } from '#chat/platform.ts';
import { codeOf, tooManyOldEdits } from '../errors.ts';
import { markOf } from '../render/render.ts';
import { changedMessage, newMessage } from './body.ts';
import type { Desk } from './desk.ts';
import { openThread } from './thread.ts';

const unknownChannel = 10003;
/** Of a channel's newest messages; more than this Discord does not give at once. */
const searched = '100';
/** Discord limits edits of messages that are older than this, ms. */
const oldMs = 60 * 60_000;

/**
 * Posts a card once under its key. Discord itself answers the first message for some minutes (`nonce`); after that it is looked for among the channel's
 * newest. The first message of a thread begins it. Direct messages have no threads: there a message answers the one whose thread it would stand in.
 */
export async function postCard(desk: Desk, place: Place, card: Card, { key, again }: Posting): Promise<MessageRef> {
  if (card.ping) await desk.roles.ready();
  const { thread, ...channel } = place;
  if (thread !== undefined && desk.threadless.has(place.channel))
    return postOnce(desk, channel, card, key, again, thread);
  try {
    return await postOnce(desk, place, card, key, again);
  } catch (error) {
    if (thread === undefined || codeOf(error) !== unknownChannel) throw error;
    const opened = await openThread(desk.rest, place.channel, thread, card.topic);
    if (opened) return await postOnce(desk, place, card, key, again);
    desk.threadless.add(place.channel);
    return await postOnce(desk, channel, card, key, again, thread);
  }
}

/** POST /channels/{channel}/messages */
async function postOnce(
  desk: Desk,
  place: Place,
  card: Card,
  key: string,
  again: boolean,
  answers?: string,
): Promise<MessageRef> {
  const channel = place.thread ?? place.channel;
  const found = again ? await findPosted(desk, channel, key) : undefined;
  if (found !== undefined) return { place, id: found };
  const { body, files } = newMessage(card, desk.roles, key);
  const reference =
    answers === undefined ? {} : { message_reference: { message_id: answers, fail_if_not_exists: false } };
  const once = { nonce: nonceOf(key), enforce_nonce: true };
  const posted = await desk.rest.post<APIMessage>(
    Routes.channelMessages(channel),
    { ...body, ...reference, ...once },
    { files },
  );
  return { place, id: posted.id };
}

/** Replaces a message by a newer render (PATCH /channels/{channel}/messages/{message}). */
export async function editCard({ rest, roles, now }: Desk, { place, id }: MessageRef, card: Card): Promise<void> {
  try {
    await rest.patch(Routes.channelMessage(place.thread ?? place.channel, id), changedMessage(card, roles));
  } catch (error) {
    // Discord says "too many edits of old messages" as it says "too much at once", and the library hides which it was.
    const old = now() - SnowflakeUtil.timestampFrom(id) > oldMs;
    if (old && error instanceof DeliveryError && error.why === 'busy') throw tooManyOldEdits(error);
    throw error;
  }
}

/** GET /channels/{channel}/messages */
async function findPosted({ rest, self }: Desk, channel: string, key: string): Promise<string | undefined> {
  const newest = await rest.get<APIMessage[]>(Routes.channelMessages(channel), { limit: searched });
  const mark = markOf(key);
  const found = newest.find(
    ({ author, components = [] }) => author.id === self() && components.some(({ id }) => id === mark),
  );
  return found?.id;
}

/** At most 25 characters. */
const nonceOf = (key: string) => createHash('sha256').update(key).digest('base64url').slice(0, 24);
