import type { Card } from '#base/card.ts';
import { RemoteError, UserError } from '#base/errors.ts';
import type { Heard, Person, Place } from '#chat/platform.ts';
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
    if (error instanceof RemoteError) throw error;
    if (!(error instanceof UserError)) office.log.error({ err: error }, 'a bug in a command');
    return later(office, asker, () => whisper(office, asker, errorCard(error)));
  }
}

/** Does it after the acknowledgement, in turns with other answers. */
export function later(office: Office, asker: Asker, act: () => Promise<void>): Heard {
  office.answering(act).catch(async (error: unknown) => {
    if (!(error instanceof UserError)) office.log.warn({ err: error }, 'an answer could not be given');
    await whisper(office, asker, errorCard(error)).catch(() => {
      // The platform can't be reached either: it is in the log.
    });
  });
  return 'private';
}
