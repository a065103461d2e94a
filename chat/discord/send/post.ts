import { createHash } from 'node:crypto';
import { type APIMessage, ComponentType, MessageFlags, Routes } from 'discord.js';
import type { Card } from '#base/card.ts';
import type { MessageRef, Place, Posting } from '#chat/platform.ts';
import { codeOf } from '../errors.ts';
import { fitCard } from '../render/fit.ts';
import { filesOf, markOf } from '../render/render.ts';
import type { Rest } from '../rest.ts';
import type { Roles } from '../roles.ts';
import { openThread } from './thread.ts';

export interface Desk {
  readonly rest: Rest;
  readonly roles: Roles;
  /** The bot's own user. */
  self(): string;
}

const unknownChannel = 10003;
const searched = '50';

/**
 * Posts a card once under its key (POST /channels/{channel}/messages). Discord itself answers the first message for some minutes (`nonce`); after that it is
 * looked for among the channel's newest.
 */
export async function postCard(desk: Desk, place: Place, card: Card, { key, again }: Posting): Promise<MessageRef> {
  const channel = place.thread ?? place.channel;
  const found = again ? await findPosted(desk, channel, key) : undefined;
  if (found !== undefined) return { place, id: found };
  try {
    return { place, id: await post(desk, channel, card, key) };
  } catch (error) {
    const noThreadYet = place.thread !== undefined && codeOf(error) === unknownChannel;
    if (!noThreadYet) throw error;
  }
  await openThread(desk.rest, place.channel, channel);
  return { place, id: await post(desk, channel, card, key) };
}

async function post({ rest, roles }: Desk, channel: string, card: Card, key: string): Promise<string> {
  const body = { ...bodyOf(card, roles.ids, key), nonce: nonceOf(key), enforce_nonce: true };
  const { id } = await rest.post<APIMessage>(Routes.channelMessages(channel), body, { files: filesOf(card) });
  return id;
}

/** Replaces a message by a newer render (PATCH /channels/{channel}/messages/{message}). */
export async function editCard({ rest, roles }: Desk, { place, id }: MessageRef, card: Card): Promise<void> {
  const { components, allowed_mentions } = fitCard(card, roles.ids);
  // An edit tells nobody, so it needs nobody's permission.
  const body = { components, allowed_mentions: { ...allowed_mentions, users: [], roles: [] } };
  await rest.patch(Routes.channelMessage(place.thread ?? place.channel, id), body);
}

/** A card as the body of a message; its files are shown below it. */
export function bodyOf(card: Card, roles: Roles['ids'], key?: string) {
  const { components, allowed_mentions } = fitCard(card, roles, key);
  const files = filesOf(card).map(({ name }) => ({ type: ComponentType.File, file: { url: `attachment://${name}` } }));
  return { flags: MessageFlags.IsComponentsV2, components: [...components, ...files], allowed_mentions };
}

async function findPosted({ rest, self }: Desk, channel: string, key: string): Promise<string | undefined> {
  let newest: APIMessage[];
  try {
    newest = await rest.get<APIMessage[]>(Routes.channelMessages(channel), { limit: searched });
  } catch (error) {
    if (codeOf(error) === unknownChannel) return undefined;
    throw error;
  }
  const mark = markOf(key);
  const found = newest.find(
    ({ author, components = [] }) => author.id === self() && components.some(({ id }) => id === mark),
  );
  return found?.id;
}

/** At most 25 characters. */
const nonceOf = (key: string) => createHash('sha256').update(key).digest('base64url').slice(0, 24);
