import { defineCommand } from '../command.ts';

export const meShow = defineCommand({
  path: 'me show',
  synonyms: ['info', 'ls', 'list', 'status'],
  about: 'What waits for you, your jobs and your VMs.',
  example: '/me show',
  risk: 'read',
  args: {},
  run: async (_, { self }, by) => ({ answer: await self.home(by) }),
});
