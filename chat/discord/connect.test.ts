import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '#base/errors.ts';
import { commands } from '#commands/table.ts';
import { commandLimits, slashCommands } from './commands.ts';
import { openDiscord } from './discord.ts';
import { outfit, startDiscord } from './test-discord.ts';

test('commands are registered once, and only what changed is registered again', async () => {
  await using own = await startDiscord();
  const made = () => own.lab.calls.filter(({ route }) => route.startsWith('POST /applications')).length;
  const first = made();

  await own.discord.stop();
  const second = openDiscord({ token: own.lab.token, guild: own.lab.guildId, apiUrl: own.lab.api, ...outfit });
  await second.start(own.listener);
  await second.stop();

  assert.equal(first, slashCommands(commands).length);
  assert.equal(made(), first);
  assert.deepEqual(own.lab.violations, []);
});

test('every command keeps within what Discord takes', () => {
  for (const command of slashCommands(commands)) {
    assert.ok(JSON.stringify(command).length < commandLimits.characters, command.name);
    assert.ok((command.options ?? []).length <= commandLimits.options);
  }
});

test('a wrong token is named, with where to find the right one', async () => {
  await using own = await startDiscord({ connect: false, token: 'a token of somebody else, long' });

  await assert.rejects(
    own.discord.start(own.listener),
    (error) => error instanceof UserError && /token/.test(error.message) && /Bot, Token/.test(error.hint ?? ''),
  );
  const health = own.discord.health();
  assert.ok(!health.up && /discord\.com\/developers/.test(health.why));
});

test('a token that is taken back while it runs is noticed', async () => {
  await using own = await startDiscord();

  own.lab.resetToken();
  await own.lab.until(() => !own.discord.health().up);

  const health = own.discord.health();
  assert.ok(!health.up);
});

test('a gateway that does not lead has no session, but sends', async () => {
  await using own = await startDiscord({
    lead: (_, __, until) => new Promise((resolve) => until.addEventListener('abort', () => resolve())),
    connect: false,
  });
  const starting = own.discord.start(own.listener);

  await own.lab.until(() => own.lab.calls.length > 0);
  await own.discord.post(own.place, { tone: 'info', fallback: 'x', blocks: [] }, { key: 'k', again: false });

  assert.equal(own.lab.gateway.connected(), 0);
  assert.deepEqual(own.discord.health(), { up: true });
  await own.discord.stop();
  await starting;
});

test('a broken connection is resumed, and what came meanwhile is heard', async () => {
  await using own = await startDiscord();

  own.lab.gateway.drop(true);
  await own.lab.until(() => own.lab.gateway.connected() === 1);
  await own.lab.user('ana').type('ops', '/vm list');

  await own.lab.until(() => own.heard.commands.length > 0 || own.lab.calls.length > 0);
});
