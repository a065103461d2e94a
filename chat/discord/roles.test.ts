import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDiscord } from './test-discord.ts';

test('roles of any server but the one of the configuration count for nothing', async () => {
  await using own = await startDiscord({ guild: undefined });

  await own.lab.user('ben').type('ops', '/vm list');

  assert.deepEqual(own.heard.commands[0]?.by.groups, []);
  assert.deepEqual(await own.discord.groupsOf('discord:900000000000000011'), []);
});

test('a role that was given or taken counts at once, and one that was never asked for is found', async () => {
  await using own = await startDiscord();
  const ben = own.lab.user('ben');
  await ben.type('ops', '/vm list');

  own.lab.takeRole('ben', 'ops');
  await ben.type('ops', '/vm list');

  assert.deepEqual(own.heard.commands[1]?.by.groups, ['discord:platform']);
  assert.deepEqual(await own.discord.groupsOf('discord:900000000000000011'), ['discord:platform']);
  assert.deepEqual(await own.discord.groupsOf('discord:900000000000000010'), ['discord:platform']);
  assert.deepEqual(await own.discord.groupsOf('discord:900000000000000099'), []);
});
