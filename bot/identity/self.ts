import type { Card } from '#base/card.ts';
import { sentence } from '#base/errors.ts';
import type { Self } from '#commands/desk.ts';
import { confirmCard } from '#commands/me/link.ts';
import { sentenceCard } from '../cards/sentence-card.ts';
import { type Office, platformOf } from '../office.ts';
import type { Links, Side } from './links.ts';

/** What commands do about the one who types: links tell the other side what it has to do, or what became of it. */
export function makeSelf(office: () => Office, links: Links, home: Self['home']): Self {
  async function tell({ person, place }: Side, key: string, card: Card): Promise<void> {
    const { buttons, log } = office();
    try {
      const sealed = await buttons.seal(card);
      if (place) await platformOf(office(), place)?.whisper(place, person.account, sealed, { key, again: false });
    } catch (error) {
      // The other side reads what to type; nothing is lost but the comfort of a button.
      log.warn({ account: person.account, reason: sentence(error) }, 'somebody could not be told of a link');
    }
  }

  return {
    home,
    offerLink: (person, place) => links.offer({ person, place }),
    async readLink(code, by) {
      const { maker, claim } = await links.read(code, by);
      return { maker: maker.person, claim: claim?.person };
    },
    async claimLink(code, person, place) {
      const maker = await links.claim(code, { person, place });
      await tell(maker, `link:${code}:claimed`, confirmCard(code, person));
    },
    async confirmLink(code, by) {
      const { joined, claim } = await links.confirm(code, by);
      await tell(claim, `link:${code}:joined`, sentenceCard(`You are ${joined.name} (${joined.key}) here too.`, 'ok'));
      return joined;
    },
    unlink: (by) => office().people.unlink(by),
  };
}
