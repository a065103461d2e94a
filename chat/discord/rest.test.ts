import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '#base/errors.ts';
import { once } from '#chat/once-for-tests.ts';
import { textOf } from '#lab/discord/people/look.ts';
import { startDiscord } from './test-discord.ts';

test('a wrong token is named each time that it is tried', async () => {
  await using own = await startDiscord({ connect: false, token: 'a token of somebody else, long' });
  const named = (error: unknown) =>
    error instanceof UserError && error.message === 'discord.token: it does not know the bot’s token.';

  await assert.rejects(own.discord.start(own.listener), named);
  await assert.rejects(own.discord.start(own.listener), named);

  const health = own.discord.health();
  assert.match(health.up ? '' : health.why, /discord\.com\/developers/);
});

test('after Discord refused the token once, the next call goes through', async () => {
  await using own = await startDiscord();
  own.lab.faults.push({ on: 'rest', path: /messages$/, mode: 'status', status: 401, message: '401: Unauthorized' });
  const card = { tone: 'info', fallback: 'one', blocks: [{ kind: 'text', text: 'one' }] } as const;

  await assert.rejects(own.discord.post(own.place, card, once('k')), { outcome: 'passing' });
  await own.discord.post(own.place, card, once('k'));

  assert.deepEqual(own.lab.messages('ops').map(textOf), ['one']);
});
