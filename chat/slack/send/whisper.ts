import type { Card } from '#base/card.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import type { Place } from '#chat/platform.ts';
import { filesOf, type Message } from '../render/render.ts';
import { type Bench, messageOf } from './bench.ts';
import { isDirect, openDirect } from './direct.ts';
import { sendFile } from './files.ts';
import { postCard } from './post.ts';

/**
 * Tells one person something that nobody else sees (chat.postEphemeral); in direct messages it is an ordinary message, and so it is where the person or the
 * bot is not in the channel. Files always go to the direct messages.
 */
export async function whisperCard(bench: Bench, place: Place, user: string, card: Card, key: string): Promise<void> {
  const privately = async () =>
    void (await postCard(bench, { platform: 'slack', channel: user }, card, { key, again: false }));
  if (isDirect(place.channel)) {
    const to = { ...place, channel: user };
    // The direct messages of two people are not ours to write in: only our own with this person are.
    return void (await postCard(bench, to, card, { key, again: false }));
  }
  try {
    await sendAside(bench, place, user, messageOf(bench, card, true));
  } catch (error) {
    if (error instanceof DeliveryError && error.why === 'closed') return privately();
    throw error;
  }
  const files = filesOf(card);
  if (files.length === 0) return;
  const direct = await openDirect(bench, user);
  for (const file of files) await sendFile(bench, direct, file);
}

/** A message that only one person in a channel sees (chat.postEphemeral). */
export async function sendAside(bench: Bench, place: Place, user: string, message: Message): Promise<void> {
  const { channel, thread } = place;
  await bench.condition.call(() =>
    bench.clients.api.chat.postEphemeral({
      channel,
      user,
      ...(thread === undefined ? {} : { thread_ts: thread }),
      ...message,
    }),
  );
}
