import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { APIInteraction } from 'discord.js';
import { systemClock } from '#base/clock.ts';
import { makeLog } from '#base/log.ts';
import { accountOf } from './hear/account.ts';
import { openRest } from './rest.ts';
import { openRoles } from './roles.ts';
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

test('a role elsewhere that is called alike is none here, and a number is no role', async () => {
  await using own = await startDiscord({ connect: false });
  const rest = openRest({ token: own.lab.token, apiUrl: own.lab.api });
  const guild = own.lab.guildId;
  const roles = openRoles({ rest, guild, clock: systemClock, log: makeLog('discord', 'silent') });
  const ops = { id: own.lab.role('ops'), name: 'ops' };
  roles.learn(guild, [ops, { id: '77', name: '900000000000000010' }]);
  roles.learn('666', [{ id: '88', name: 'ops' }]);
  const member = { user: { id: '9', username: 'mallory' }, roles: [ops.id, '77', '88'] };

  const here = await accountOf({ guild_id: guild, member } as unknown as APIInteraction, { roles, guild });
  const elsewhere = await accountOf({ guild_id: '666', member } as unknown as APIInteraction, { roles, guild });
  rest.close();

  assert.deepEqual([here.groups, elsewhere.groups], [['discord:ops'], []]);
});

test('a role that is made, renamed or removed is known at once', async () => {
  await using own = await startDiscord({ connect: false });
  const rest = openRest({ token: own.lab.token, apiUrl: own.lab.api });
  const guild = own.lab.guildId;
  const roles = openRoles({ rest, guild, clock: systemClock, log: makeLog('discord', 'silent') });
  roles.learn(guild, [{ id: '1', name: 'a' }]);

  roles.put(guild, { id: '2', name: 'b' });
  roles.put(guild, { id: '1', name: 'c' });
  const before = await roles.named(['1', '2']);
  roles.drop(guild, '1');
  rest.close();

  assert.deepEqual([before, await roles.named(['1', '2'])], [['discord:c', 'discord:b'], ['discord:b']]);
  assert.deepEqual([...roles.ids.keys()], ['discord:b']);
});
