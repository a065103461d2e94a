import type { Card } from '#base/card.ts';
import { RemoteError, sentence, UserError } from '#base/errors.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import type { Heard, Person, Place } from '#chat/platform.ts';
import { OverLimit } from '#policy/quotas.ts';
import type { Draft } from '../cards/buttons.ts';
import { errorCard } from '../cards/error-card.ts';
import { type Office, platformOf } from '../office.ts';

/** Who is answered, where, and to which request. */
export interface Asker {
  readonly id: string;
  readonly place: Place;
  readonly by: Person;
  readonly reply?: string;
}

/** Tells the one who asked, and nobody else; once for each request. `again`: an earlier try may have got through. */
export async function whisper(office: Office, asker: Asker, card: Card | Draft, again = false): Promise<void> {
  const { id, place, by, reply } = asker;
  const whispering = { key: `answer:${id}`, again, ...(reply === undefined ? {} : { reply }) };
  await platformOf(office, place)?.whisper(place, by.account, await office.buttons.seal(card), whispering);
}

/**
 * A mistake of the person is answered privately, and so is a bug, which goes to the log too. When another system is away nothing was kept: that goes back to
 * the platform, which leaves the words with the person.
 */
export async function privately(office: Office, asker: Asker, act: () => Promise<Heard>): Promise<Heard> {
  try {
    return await act();
  } catch (error) {
    // A rush of refusals must not stand before what others are told.
    if (error instanceof RemoteError || error instanceof OverLimit) throw error;
    if (!(error instanceof UserError)) office.log.error({ err: error }, 'a bug in a command');
    return later(office, asker, () => errorCard(error));
  }
}

const patienceMs = 30_000;

/** Answers after the acknowledgement, in turns with other answers; what `make` throws is the answer too. One that could not be brought is tried once more. */
export function later(office: Office, asker: Asker, make: () => Card | Draft | Promise<Card | Draft>): Heard {
  async function bring(): Promise<void> {
    const card = await answerOf(office, async () => make());
    try {
      await whisper(office, asker, card);
    } catch (error) {
      if (error instanceof RemoteError && error.outcome === 'permanent') throw error;
      const waitMs = (error instanceof DeliveryError && error.retryAfterMs) || 1000;
      await office.desk.tools.clock.sleep(Math.min(waitMs, patienceMs), office.desk.signal);
      await whisper(office, asker, card, true);
    }
  }
  office.answering(bring).catch((error: unknown) => {
    office.log.warn({ reason: sentence(error) }, 'an answer could not be brought');
  });
  return 'private';
}

/** What somebody is told: what `make` comes to, or why it failed. */
export async function answerOf<T>(office: Office, make: () => Promise<T>): Promise<T | Card> {
  try {
    return await make();
  } catch (error) {
    const known = error instanceof UserError || error instanceof RemoteError;
    if (!known) office.log.error({ err: error }, 'a bug in a command');
    return errorCard(error);
  }
}
