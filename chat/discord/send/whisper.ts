import { type APIDMChannel, Routes } from 'discord.js';
import type { Card } from '#base/card.ts';
import type { Clock } from '#base/clock.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import type { Place, Whispering } from '#chat/platform.ts';
import { repeated } from '#chat/repeated.ts';
import type { Replies, Reply } from '../hear/replies.ts';
import { userIn } from '../render/markdown.ts';
import type { Rest } from '../rest.ts';
import { newMessage } from './body.ts';
import type { Desk } from './desk.ts';
import { postCard } from './post.ts';

/** What is to be told to whom, and about what they did where. */
export interface Whisper {
  readonly place: Place;
  readonly account: string;
  readonly card: Card;
  /** The key ends with the id of the interaction that it answers. */
  readonly whispering: Whispering;
}

/** Where a person alone reads what is posted (POST /users/@me/channels). */
export async function openDirect(rest: Rest, account: string): Promise<Place> {
  const user = userIn(account);
  if (user === undefined) throw new DeliveryError('Discord', 'closed', `${account} is not an account of Discord.`);
  const { id } = await rest.post<APIDMChannel>(Routes.userChannels(), { recipient_id: user });
  return { platform: 'discord', channel: id };
}

/** Tells one person something that nobody else sees: as an answer to what they did, while Discord lets it; later as a direct message. */
export async function whisperCard(desk: Desk, replies: Replies, clock: Clock, whisper: Whisper): Promise<void> {
  if (await answerAside(desk, replies, clock, whisper)) return;
  const { account, whispering } = whisper;
  const card = whispering.again ? repeated(whisper.card) : whisper.card;
  // Discord knows a key by its author alone: another person's message of this key is another one.
  const posting = { key: `whisper:${account}:${whispering.key}`, again: whispering.again };
  await postCard(desk, await openDirect(desk.rest, account), card, posting);
}

/** A limit that lasts longer than this is not waited for, ms. */
const patienceMs = 5000;

/** False when there is no interaction that can be answered, or Discord takes no answer to it any more. */
async function answerAside(desk: Desk, replies: Replies, clock: Clock, whisper: Whisper): Promise<boolean> {
  const { place, account, card, whispering } = whisper;
  const { key, reply: sealed } = whispering;
  const channel = place.thread ?? place.channel;
  for (const reply of replies.find(account, channel, key.split(':').at(-1) ?? '', sealed)) {
    const told = whispering.again && !reply.replaces ? repeated(card) : card;
    if (await answer(reply, newMessage(told, desk.roles), clock)) return true;
  }
  return false;
}

async function answer(reply: Reply, { body, files }: ReturnType<typeof newMessage>, clock: Clock): Promise<boolean> {
  for (;;) {
    try {
      return await reply.whisper(body, files);
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      const { why, retryAfterMs = 1000 } = error;
      if (why !== 'busy' || retryAfterMs > patienceMs) return false;
      await clock.sleep(retryAfterMs);
    }
  }
}
