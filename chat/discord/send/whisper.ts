import { type APIDMChannel, Routes } from 'discord.js';
import type { Card } from '#base/card.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import type { Place } from '#chat/platform.ts';
import type { Replies } from '../hear/replies.ts';
import { userIn } from '../render/markdown.ts';
import { filesOf } from '../render/render.ts';
import type { Rest } from '../rest.ts';
import { bodyOf, type Desk, postCard } from './post.ts';

/** Where a person alone reads what is posted (POST /users/@me/channels). */
export async function openDirect(rest: Rest, account: string): Promise<Place> {
  const user = userIn(account);
  if (user === undefined) throw new DeliveryError('Discord', 'closed', `${account} is not an account of Discord.`);
  const { id } = await rest.post<APIDMChannel>(Routes.userChannels(), { recipient_id: user });
  return { platform: 'discord', channel: id };
}

/**
 * Tells one person something that nobody else sees: as an answer to what they did, while Discord lets it; later, or from another gateway than the one that heard them, as a direct
 * message.
 */
export async function whisperCard(
  desk: Desk,
  replies: Replies,
  { place, account, card, key }: { place: Place; account: string; card: Card; key: string },
): Promise<void> {
  const reply = replies.find(account, place.thread ?? place.channel, key.split(':').at(-1) ?? '');
  const { flags: _, ...message } = bodyOf(card, desk.roles.ids);
  if (reply) {
    const said = await reply.whisper(message, filesOf(card)).then(
      () => true,
      () => false,
    );
    if (said) return;
  }
  await postCard(desk, await openDirect(desk.rest, account), card, { key, again: false });
}
