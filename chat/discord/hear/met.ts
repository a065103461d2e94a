import { type APIInteraction, InteractionResponseType } from 'discord.js';
import type { Card } from '#base/card.ts';
import { systemClock } from '#base/clock.ts';
import { sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { MenuItem } from '#chat/menu.ts';
import type { Account, ChatListener, Place } from '#chat/platform.ts';
import type { Message } from '../render/render.ts';
import type { Roles } from '../roles.ts';
import { hidden, type Replies, type Reply } from './replies.ts';
import type { ShownForms } from './shown-forms.ts';

/** What is needed to take what people do. */
export interface Ears {
  readonly listener: ChatListener;
  readonly menu: readonly MenuItem[];
  /** The server whose members use the bot. */
  readonly guild: string | undefined;
  readonly roles: Roles;
  readonly replies: Replies;
  /** An interaction's token, so that another gateway can answer it. */
  sealed(token: string): string;
  readonly forms: ShownForms;
  /** How long the bot may take before Discord is told to wait, ms: it gives up after three seconds. */
  readonly patienceMs: number;
  draw(card: Card): Message;
  readonly log: Log;
}

/** Somebody who did something, and how they are answered. */
export interface Met<Interaction = APIInteraction> {
  readonly ears: Ears;
  readonly interaction: Interaction;
  readonly reply: Reply;
  readonly by: Account;
  readonly place: Place;
}

/** What came of something that the bot was told. */
export type Came<T> = { readonly heard: T } | { readonly failed: unknown };

/** What comes of it, apart from what comes of the answer to Discord: only what the bot refused may be done again. Never rejects. */
export function cameOf<T>(work: Promise<T>): Promise<Came<T>> {
  return work.then(
    (heard) => ({ heard }),
    (failed: unknown) => ({ failed }),
  );
}

/** What comes of it, or `late`. */
export async function inTime<T>({ patienceMs }: Ears, coming: Promise<T>): Promise<T | 'late'> {
  const late = new AbortController();
  // Whoever is late is waited for again by the caller.
  coming.catch(() => undefined);
  try {
    const clock = systemClock.sleep(patienceMs, late.signal).then(
      () => 'late' as const,
      () => 'late' as const,
    );
    return await Promise.race([coming, clock]);
  } finally {
    late.abort();
  }
}

/** Answers before it is known what comes of it. That goes on when the answer is lost: more may be said, and what failed can still be told. Never rejects. */
export async function answerAhead({ ears, reply }: Met, type: InteractionResponseType, data?: object): Promise<void> {
  try {
    await reply.answer(type, data);
  } catch (error) {
    ears.log.warn({ reason: sentence(error), interaction: reply.id }, 'Discord did not take an answer');
  }
}

/** Answers privately with a card, whether or not there was an answer before. */
export async function show({ ears, reply }: Pick<Met, 'ears' | 'reply'>, card: Card): Promise<void> {
  const message = ears.draw(card);
  if (reply.answered) await reply.whisper(message);
  else await reply.answer(InteractionResponseType.ChannelMessageWithSource, { ...message, flags: hidden });
}

/** Answers privately: a sentence, and the line to copy. */
export async function say(met: Pick<Met, 'ears' | 'reply'>, text: string, line?: string): Promise<void> {
  const copy = line === undefined ? [] : [{ kind: 'code' as const, text: line }];
  await show(met, { tone: 'error', fallback: text, blocks: [{ kind: 'text', text }, ...copy] });
}
