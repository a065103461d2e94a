import { createHash } from 'node:crypto';
import type { Card } from '#base/card.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import type { ChatPlatform, MessageRef, Place } from '#chat/platform.ts';
import type { Office } from '../office.ts';
import { type Sending, shut, spend } from './buckets.ts';
import { type Shown, writeShown } from './slots.ts';

/** A message could not go now; it has to be tried again after so many ms. */
export class NotNow extends Error {
  override readonly name = 'NotNow';
  readonly afterMs: number;
  constructor(afterMs: number) {
    super(`not before ${Math.ceil(afterMs)} ms`);
    this.afterMs = afterMs;
  }
}

/** Everything needed to bring messages for one slot. `shown` is changed and kept in Redis as messages go out. */
export interface Bringing {
  readonly office: Office;
  readonly platform: ChatPlatform;
  /** The slot's name. */
  readonly name: string;
  /** Tells this gateway from another one that has the slot. */
  readonly token: string;
  /** Where its messages go. */
  readonly place: Place;
  readonly urgent: boolean;
  shown: Shown;
}

/** Changes what is kept of the slot. Rejects with `TakenOver` when another gateway has it. */
export async function keep(
  bringing: Pick<Bringing, 'office' | 'name' | 'token' | 'shown'>,
  change: Partial<Shown>,
): Promise<void> {
  bringing.shown = { ...bringing.shown, ...change };
  await writeShown(bringing.office, bringing, bringing.shown);
}

/**
 * Makes the slot's message show this card: posts it, edits it, or starts a new one where the old one is gone or cannot be edited any more. `key` names the
 * message for ever. `fresh`: a new message from now on, whatever stands there.
 */
export async function bringCard(bringing: Bringing, card: Card, key: string): Promise<MessageRef> {
  const { shown, platform, place } = bringing;
  const hash = hashOf(card);
  if (shown.ref === undefined) return postCard(bringing, card, key, hash);
  if (shown.hash === hash) return shown.ref;
  const tooOld =
    platform.pace.editableMs !== undefined && Date.now() - (shown.postedAt ?? 0) > platform.pace.editableMs;
  if (tooOld) return postAnew(bringing, card, key, hash);
  await allowed(bringing, 'edit', place);
  try {
    await sent(bringing, 'edit', place, () => platform.edit(shown.ref as MessageRef, card));
  } catch (error) {
    if (error instanceof DeliveryError && (error.why === 'gone' || error.why === 'sealed')) {
      return postAnew(bringing, card, key, hash);
    }
    throw error;
  }
  await keep(bringing, { hash });
  return shown.ref;
}

/**
 * Posts once into the thread of the slot's message, or anywhere else. `again`: an earlier try may have got through, which the slot remembers of the last
 * key that was begun.
 */
export async function bringOnce(
  bringing: Bringing,
  place: Place,
  card: Card,
  key: string,
  again = bringing.shown.trying === key,
): Promise<MessageRef> {
  await allowed(bringing, 'post', place);
  if (!again) await keep(bringing, { trying: key });
  return sent(bringing, 'post', place, () => bringing.platform.post(place, card, { key, again }));
}

async function postCard(bringing: Bringing, card: Card, key: string, hash: string): Promise<MessageRef> {
  const { parts = 0, trying } = bringing.shown;
  const full = parts === 0 ? key : `${key}:${parts}`;
  const ref = await bringOnce(bringing, bringing.place, card, full);
  // Begun before, it may have been posted then, and show what was true then.
  const mayBeOld = trying === full;
  await keep(bringing, { ref, hash: mayBeOld ? '' : hash, postedAt: Date.now() });
  return mayBeOld ? bringCard(bringing, card, key) : ref;
}

async function postAnew(bringing: Bringing, card: Card, key: string, hash: string): Promise<MessageRef> {
  const { ref: _, ...rest } = bringing.shown;
  bringing.shown = rest;
  await keep(bringing, { parts: (rest.parts ?? 0) + 1 });
  return postCard(bringing, card, key, hash);
}

async function allowed({ office, platform, urgent }: Bringing, sending: Sending, place: Place): Promise<void> {
  const waitMs = await spend(office, { pace: platform.pace, place, sending, urgent });
  if (waitMs > 0) throw new NotNow(waitMs);
}

/** Sends to this place; when the platform says that it is too much, nothing more of the kind goes there for as long as it says. */
async function sent<T>(
  { office, platform }: Bringing,
  sending: Sending,
  place: Place,
  send: () => Promise<T>,
): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof DeliveryError) || error.why !== 'busy') throw error;
    const afterMs = error.retryAfterMs ?? 1000;
    await shut(office, { pace: platform.pace, place, sending }, afterMs);
    throw new NotNow(afterMs);
  }
}

const hashOf = (card: Card) => createHash('sha256').update(JSON.stringify(card)).digest('base64url').slice(0, 16);
