import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Events } from 'discord.js';
import { startSetting } from './bot-for-tests.ts';
import { textOf } from './people/look.ts';

// discord.js waits five seconds between two sessions.

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
