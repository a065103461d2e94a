import { defineCommand } from '../command.ts';

export const meUnlink = defineCommand({
  path: 'me unlink',
  synonyms: ['leave', 'logout', 'disconnect'],
  about: 'Let this account stand for itself again.',
  example: '/me unlink',
  risk: 'change',
  answers: true,
  args: {},
  async run(_, { self }, by) {
    await self.unlink(by);
    const text = `${by.account} stands for itself again.`;
    return { answer: { tone: 'ok', fallback: text, blocks: [{ kind: 'text', text }] } };
  },
});
