import type { Command } from '#commands/command.ts';
import { defineCommand } from '#commands/command.ts';
import type { Buttons } from '../cards/buttons.ts';
import { homeCard } from '../cards/home-card.ts';
import { sentenceCard } from '../cards/sentence-card.ts';
import type { Office } from '../office.ts';
import type { People } from '../people.ts';

/** The commands about the one who types; they need to know who that is on each platform, which no other command does. */
export function meCommands(office: () => Office, people: People, buttons: Buttons): readonly Command[] {
  const show = defineCommand({
    path: 'me show',
    about: 'What waits for you, your jobs and your VMs.',
    example: '/me show',
    risk: 'read',
    args: {},
    async run(_, desk, by) {
      const place = { platform: 'web', channel: '' };
      return { answer: await buttons.seal(await homeCard({ ...office(), desk }, by, place)) };
    },
  });
  const link = defineCommand({
    path: 'me link',
    about: 'Join your accounts on Slack, Discord and the console, so that you are one person everywhere.',
    example: '/me link',
    risk: 'read',
    args: {
      code: { kind: 'text', about: 'From /me link where you are known already.', positional: true },
      yes: { kind: 'flag', about: 'You know whose code it is.' },
    },
    async run({ code, yes }, _, by) {
      if (code === undefined) {
        const own = await people.offerLink(by);
        const text = `Within ten minutes, type this where you want to be known as ${by.name} too; show it to nobody:`;
        return {
          answer: {
            tone: 'info',
            fallback: text,
            blocks: [
              { kind: 'text', text },
              { kind: 'code', text: `/me link ${own}` },
            ],
          },
        };
      }
      const owner = await people.readLink(code);
      if (!yes) {
        const text = `This code was made by ${owner.name} (${owner.account}). What either account does counts as done by one person from then on.`;
        const offer = { label: 'Yes, that is me', command: `/me link ${code} --yes`, tone: 'primary' as const };
        return {
          answer: {
            tone: 'ask',
            fallback: text,
            blocks: [
              { kind: 'text', text },
              { kind: 'offers', offers: [offer] },
            ],
          },
        };
      }
      const joined = await people.link(code, by);
      return { answer: sentenceCard(`You are ${joined.name} (${joined.key}) here too.`, 'ok') };
    },
  });
  const unlink = defineCommand({
    path: 'me unlink',
    about: 'Let this account stand for itself again.',
    example: '/me unlink',
    risk: 'read',
    args: {},
    async run(_, __, by) {
      await people.unlink(by);
      return { answer: sentenceCard(`${by.account} stands for itself again.`, 'ok') };
    },
  });
  return [show, link, unlink];
}
