import type { Card } from '#base/card.ts';
import { UserError } from '#base/errors.ts';
import type { Person } from '#chat/platform.ts';
import { defineCommand } from '../command.ts';

/** Whoever is known makes a code, the other account types it, and whoever made it confirms: no one of the two can do it alone. */
export const meLink = defineCommand({
  path: 'me link',
  synonyms: ['join', 'login', 'connect'],
  about: 'Join your accounts on Slack, Discord and the console: you are one person everywhere then.',
  example: '/me link',
  risk: 'change',
  answers: true,
  forKnown: true,
  joins: ({ code }) => code !== undefined,
  args: {
    code: { kind: 'text', about: 'From /me link where you are known already.', positional: true },
    yes: { kind: 'flag', about: 'You know whose code it is, or who typed yours.' },
  },
  async run({ code, yes }, { self, place }, by) {
    if (code === undefined) return { answer: codeCard(by, await self.offerLink(by, place)) };
    const { maker, claim } = await self.readLink(code, by);
    if (maker.key === by.key) {
      if (!claim) throw new UserError('Nobody has typed this code yet.', { hint: 'Type it where you are not known.' });
      if (!yes) return { answer: confirmCard(code, claim) };
      const joined = await self.confirmLink(code, by);
      return { answer: sentence('ok', `${claim.name} (${claim.account}) is ${joined.name} (${joined.key}) now.`) };
    }
    if (!yes) return { answer: sureCard(code, maker) };
    await self.claimLink(code, by, place);
    return { answer: sentence('info', `${maker.name} has to confirm this now, where the code was made.`) };
  },
});

function codeCard({ name }: Person, code: string): Card {
  const text = `Within ten minutes, type this where you want to be known as ${name} too (in Slack with /botswain before it: /botswain me link), and confirm here. Show it to nobody.`;
  return {
    tone: 'info',
    fallback: text,
    blocks: [
      { kind: 'text', text },
      { kind: 'code', text: `/me link ${code}` },
    ],
  };
}

/** Whoever is talked into typing somebody else's code shall see whose it is. */
function sureCard(code: string, { name, account }: Person): Card {
  return question(
    `${name} (${account}) made this code. From then on, what either account does counts as done by one person, who may do what either may.`,
    { label: 'Yes, that is me', command: `/me link ${code} --yes` },
  );
}

/** Whoever is talked into telling a code shall see who typed it. */
export function confirmCard(code: string, { name, account }: Person): Card {
  return question(
    `${name} (${account}) typed your code. Joined, that account is you: it may do what you may, here and everywhere.`,
    { label: 'Yes, that is me', command: `/me link ${code} --yes` },
  );
}

function question(text: string, { label, command }: { label: string; command: string }): Card {
  return {
    tone: 'ask',
    fallback: text,
    blocks: [
      { kind: 'text', text },
      { kind: 'offers', offers: [{ label, command, tone: 'primary' }] },
    ],
  };
}

function sentence(tone: Card['tone'], text: string): Card {
  return { tone, fallback: text, blocks: [{ kind: 'text', text }] };
}
