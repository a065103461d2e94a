import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Events, type Interaction } from 'discord.js';
import { startSetting } from './bot-for-tests.ts';
import { textOf } from './people/look.ts';

// discord.js waits half a second before it connects again, and five between two sessions.

const reply = (interaction: Interaction) => (interaction.isChatInputCommand() ? interaction.reply('done') : undefined);

test('an event that came just before its socket broke does not come again', async () => {
  const ids: string[] = [];
  await using setting = await startSetting((interaction) => {
    ids.push(interaction.id);
    return reply(interaction);
  });
  const { lab } = setting;
  lab.faults.push({ on: 'gateway', mode: 'drop-after' });
  const resumed = once(setting.client, Events.ShardResume);

  await lab.user('ana').run('ops', 'vm list');
  await resumed;

  assert.equal(ids.length, 1);
});

test('discord.js reconnects when it is asked to', async () => {
  await using setting = await startSetting(reply);
  const resumed = once(setting.client, Events.ShardResume);

  setting.lab.gateway.reconnect();
  await resumed;
  const shown = await setting.lab.user('ana').run('ops', 'vm list');

  assert.equal(shown.text, 'done');
});

test('discord.js begins anew when its session is over', async () => {
  await using setting = await startSetting(() => {});
  const { lab, client } = setting;
  const ready = once(client, Events.ShardReady);

  lab.gateway.invalidate(false);
  await ready;

  assert.equal(lab.world.application.identifies, 2);
});

test('after a time offline discord.js begins anew: what came meanwhile is lost', async () => {
  const heard: string[] = [];
  await using setting = await startSetting(() => {});
  const { lab, client } = setting;
  client.on(Events.MessageCreate, (message) => heard.push(message.id));
  const ready = once(client, Events.ShardReady);

  await lab.goOffline();
  const lost = lab.user('ana').say('ops', 'is anybody there?');
  await lab.until(() => lab.gateway.connected() === 0);
  setTimeout(lab.goOnline, 1_500);
  await ready;
  const seen = lab.user('ana').say('ops', 'and now?');
  await once(client, Events.MessageCreate);

  assert.deepEqual(heard, [seen.id]);
  assert.deepEqual(lab.messages('ops').map(textOf), ['is anybody there?', 'and now?']);
  assert.notEqual(lost.id, seen.id);
});
