import { createHash } from 'node:crypto';
import { parse } from 'node:path';
import type { Card } from '#base/card.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import type { Place, Posting } from '#chat/platform.ts';
import { repeated } from '#chat/repeated.ts';
import { cardAsText } from '../render/as-text.ts';
import { fitCard } from '../render/fit.ts';
import { filesOf, type Message } from '../render/render.ts';
import { type Bench, messageOf, showingOf } from './bench.ts';
import { isDirect, openDirect } from './direct.ts';
import { sendFile } from './files.ts';
import { hasFile } from './find.ts';
import { postCard } from './post.ts';

/**
 * Tells one person something that nobody else sees (chat.postEphemeral); in direct messages it is an ordinary message, and so it is where the person or the
 * bot is not in the channel. Files always go to the direct messages, and so
 * does all of an answer that is too long. Whether an earlier try got through can be seen in direct messages; nobody can ask for what one person saw in a channel, so there the second one
 * says that it is one.
 */
export async function whisperCard(
  bench: Bench,
  place: Place,
  user: string,
  card: Card,
  { key, again }: Posting,
): Promise<void> {
  const aside = !isDirect(place.channel) && (await whisperAside(bench, place, user, again ? repeated(card) : card));
  const files = aside ? [...filesOf(card), ...wholeOf(bench, card)] : [];
  if (aside && files.length === 0) return;
  const direct = await openDirect(bench, user);
  for (const { name, text } of files) {
    const file = { name: tagged(name, key), text };
    if (!again || !(await hasFile(bench, direct, file.name))) await sendFile(bench, direct, file);
  }
  // The direct messages of two people are theirs: only those with the bot itself are for its words.
  const to = place.channel === direct.channel ? place : direct;
  if (!aside) await postCard(bench, to, card, { key, again });
}

/** A file's own name for each answer, by which it is known again: `answer.txt` → `answer-3f9c2a.txt`. */
function tagged(file: string, key: string): string {
  const { name, ext } = parse(file);
  return `${name}-${createHash('sha256').update(key).digest('hex').slice(0, 6)}${ext}`;
}

/** What does not fit a message, as a file with all of it. */
function wholeOf(bench: Bench, card: Card): { name: string; text: string }[] {
  const { cut } = fitCard(card, showingOf(bench, false));
  return cut ? [{ name: 'answer.txt', text: cardAsText(card) }] : [];
}

/** False when the channel is not one where this person can be told something by the bot. */
async function whisperAside(bench: Bench, place: Place, user: string, card: Card): Promise<boolean> {
  try {
    await sendAside(bench, place, user, messageOf(bench, card, true));
    return true;
  } catch (error) {
    if (error instanceof DeliveryError && error.why === 'closed') return false;
    throw error;
  }
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
