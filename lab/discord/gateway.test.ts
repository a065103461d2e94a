import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { type ChatInputCommandInteraction, Events } from 'discord.js';
import { WebSocket } from 'ws';
import { makeClient, startSetting, vmCommand } from './bot-for-tests.ts';
import { ask } from './rest-for-tests.ts';
import { type DiscordLab, startDiscord } from './start.ts';

const reply = (interaction: { isChatInputCommand(): boolean }) =>
  interaction.isChatInputCommand() ? (interaction as ChatInputCommandInteraction).reply('done') : undefined;

test('an event that was lost with its socket comes when the session is resumed', async () => {
  await using setting = await startSetting(reply);
  const { lab } = setting;
  lab.faults.push({ on: 'gateway', mode: 'drop-before' });

  const shown = await lab.user('ana').run('ops', 'vm list');

  assert.equal(shown.text, 'done');
  assert.equal(lab.world.application.identifies, 1);
});

test('an interaction can come twice, with the same id', async () => {
  const ids: string[] = [];
  await using setting = await startSetting((interaction) => {
    ids.push(interaction.id);
    return ids.length === 1 ? reply(interaction) : undefined;
  });
  setting.lab.faults.push({ on: 'gateway', mode: 'twice' });

  await setting.lab.user('ana').run('ops', 'vm list');
  await setting.settled();

  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1]);
});

test('two sessions both get every interaction', async () => {
  const heard: string[] = [];
  await using setting = await startSetting(async (interaction) => {
    heard.push('first');
    await reply(interaction);
  });
  await using stack = new AsyncDisposableStack();
  const other = stack.adopt(makeClient(setting.lab), (one) => one.destroy());
  const also = once(other, Events.InteractionCreate).then(() => heard.push('second'));
  const ready = once(other, Events.ClientReady);
  await other.login(setting.lab.token);
  await ready;

  await setting.lab.user('ana').run('ops', 'vm list');
  await also;

  assert.deepEqual(heard.sort(), ['first', 'second']);
});

test('offline nobody can connect', async () => {
  await using lab = await startDiscord();

  await lab.goOffline();
  await assert.rejects(ask(lab, 'GET', '/gateway'));
  await lab.goOnline();

  assert.equal((await ask(lab, 'GET', '/gateway')).status, 200);
});

test('without MESSAGE_CONTENT others’ words are left out, unless they are for the bot', async () => {
  await using setting = await startSetting(() => {});
  const { lab, client } = setting;
  const heard: string[] = [];
  const third = new Promise<void>((resolve) => {
    client.on(Events.MessageCreate, ({ content }) => {
      if (heard.push(content) === 3) resolve();
    });
  });
  const ana = lab.user('ana');

  ana.say('ops', 'hello');
  ana.say('ops', `<@${lab.applicationId}> help`);
  ana.say(ana.direct(), 'hello');
  await third;

  assert.deepEqual(heard, ['', `<@${lab.applicationId}> help`, 'hello']);
  assert.deepEqual(lab.violations, []);
});

test('a wrong token, unknown intents and intents that were not granted are refused by their codes', async () => {
  await using lab = await startDiscord();

  const codes = [
    await refusal(lab, 'wrong', 1),
    await refusal(lab, lab.token, 2 ** 30),
    await refusal(lab, lab.token, 1 << 15),
  ];

  assert.deepEqual(codes, [4004, 4013, 4014]);
  assert.equal((await ask({ ...lab, token: 'wrong' }, 'GET', '/users/@me')).status, 401);
});

test('a token that was reset ends its sessions', async () => {
  await using setting = await startSetting(reply);
  const { lab } = setting;
  const before = lab.token;

  lab.resetToken();
  await lab.until(() => lab.gateway.connected() === 0);
  const answer = await ask({ ...lab, token: before }, 'PUT', `/applications/${lab.applicationId}/commands`, [
    vmCommand,
  ]);

  assert.equal(answer.status, 401);
  assert.equal((await ask(lab, 'GET', '/users/@me')).status, 200);
});

test('a role that somebody loses is told to those who may hear of members', async () => {
  await using lab = await startDiscord({ refusedIntents: 0 });
  await using stack = new AsyncDisposableStack();
  const client = stack.adopt(makeClient(lab, 1 << 1), (one) => one.destroy());
  const ready = once(client, Events.ClientReady);
  await client.login(lab.token);
  await ready;
  const ben = await client.guilds.cache.get(lab.guildId)?.members.fetch(lab.user('ben').id);
  const updated = once(client, Events.GuildMemberUpdate);

  lab.takeRole('ben', 'ops');
  await updated;

  assert.equal(ben?.roles.cache.has(lab.role('ops')), false);
});

/** The close code after IDENTIFY. */
async function refusal(lab: DiscordLab, token: string, intents: number): Promise<number> {
  const socket = new WebSocket(`${lab.url.replace('http', 'ws')}/?v=10&encoding=json`);
  await once(socket, 'message');
  socket.send(JSON.stringify({ op: 2, d: { token, intents, properties: {} } }));
  const [code] = await once(socket, 'close');
  return code;
}
