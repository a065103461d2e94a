import { createHash } from 'node:crypto';
import { parse } from 'node:path';
import type { Card } from '#base/card.ts';
import { RemoteError, sentence } from '#base/errors.ts';
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

/** A file is tried for a quarter of a minute. */
const mostTries = 5;
const longestMs = 30_000;

/**
 * Tells one person something that nobody else sees (chat.postEphemeral); in direct messages it is an ordinary message, and so it is where the person or the
 * bot is not in the channel. Files always go to the direct messages, and so does all of an answer that is too long; one that can't be sent is only said to be missing. Whether an earlier try
 * got through can be seen in direct messages; nobody can ask for what one person saw in a channel, so there the second one says that it is one.
 */
export async function whisperCard(
  bench: Bench,
  place: Place,
  user: string,
  card: Card,
  { key, again }: Posting,
): Promise<void> {
  const words = { ...card, blocks: card.blocks.filter(({ kind }) => kind !== 'file') };
  const aside = !isDirect(place.channel) && (await whisperAside(bench, place, user, again ? repeated(words) : words));
  const thread = aside ? undefined : await postDirect(bench, place, user, words, { key, again });
  const files = [...filesOf(card), ...(aside ? wholeOf(bench, card) : [])];
  for (const { name, text } of files) {
    const file = { name: tagged(name, key), text };
    const bring = async (mayBeThere: boolean) => {
      const beside = thread ?? (await openDirect(bench, user));
      if (!mayBeThere || !(await hasFile(bench, beside, file.name))) await sendFile(bench, beside, file);
    };
    try {
      await patiently(bench, bring, again);
    } catch (error) {
      // The words are there: to try all of it again would say them twice.
      bench.log.warn({ file: name, reason: sentence(error) }, 'a file could not be brought');
      const missing = missingCard(name, error);
      const told = thread
        ? postCard(bench, thread, missing, { key: `${key}:${name}`, again })
        : sendAside(bench, place, user, messageOf(bench, missing, false));
      await told.catch(() => undefined);
    }
  }
}

/** Tries it some times; from the second on it may be done already. */
async function patiently({ clock }: Bench, act: (again: boolean) => Promise<void>, again: boolean): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await act(again || tries > 1);
    } catch (error) {
      if (!(error instanceof RemoteError) || error.outcome === 'permanent' || tries === mostTries) throw error;
      const askedMs = error instanceof DeliveryError ? (error.retryAfterMs ?? 0) : 0;
      await clock.sleep(Math.max(1000 * 2 ** (tries - 1), Math.min(askedMs, longestMs)));
    }
  }
}

/** Answers the thread that it begins, or stands in. */
async function postDirect(bench: Bench, place: Place, user: string, card: Card, posting: Posting): Promise<Place> {
  const direct = await openDirect(bench, user);
  // The direct messages of two people are theirs: only those with the bot itself are for its words.
  const to = place.channel === direct.channel ? place : direct;
  const { id } = await postCard(bench, to, card, posting);
  return { ...to, thread: to.thread ?? id };
}

function missingCard(name: string, error: unknown): Card {
  const text = `The file ${name} could not be sent: ${sentence(error)}`;
  return { tone: 'warn', fallback: text, blocks: [{ kind: 'text', text }] };
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
