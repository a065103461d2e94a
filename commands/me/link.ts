import type { Card } from '#base/card.ts';
import type { Person } from '#chat/platform.ts';
import { defineCommand } from '../command.ts';

export const meLink = defineCommand({
  path: 'me link',
  about: 'Join your accounts on Slack, Discord and the console: you are one person everywhere then.',
  example: '/me link',
  risk: 'change',
  answers: true,
  args: {
    code: { kind: 'text', about: 'From /me link where you are known already.', positional: true },
    yes: { kind: 'flag', about: 'You know whose code it is.' },
  },
  async run({ code, yes }, { self }, by) {
    if (code === undefined) return { answer: codeCard(by, await self.offerLink(by)) };
    if (!yes) return { answer: sureCard(code, await self.readLink(code)) };
    const joined = await self.link(code, by);
    const text = `You are ${joined.name} (${joined.key}) here too.`;
    return { answer: { tone: 'ok', fallback: text, blocks: [{ kind: 'text', text }] } };
  },
});

function codeCard({ name }: Person, code: string): Card {
  const text = `Within ten minutes, type this where you want to be known as ${name} too (in Slack with /botswain before it: /botswain me link). Show it to nobody.`;
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
  const text = `${name} (${account}) made this code. From then on, what either account does counts as done by one person, who may do what either may.`;
  return {
    tone: 'ask',
    fallback: text,
    blocks: [
      { kind: 'text', text },
      { kind: 'offers', offers: [{ label: 'Yes, that is me', command: `/me link ${code} --yes`, tone: 'primary' }] },
    ],
  };
}
