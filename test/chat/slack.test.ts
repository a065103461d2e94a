import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGateway } from '#bot/gateway.ts';
import { startChat } from './setting.ts';
import { playMainJob } from './slack-main-job.ts';

test('the main job on Slack: a slash command, a card, a thread, an approval by a second person', async () => {
  await using chat = await startChat();

  await playMainJob(chat);
});

test('with two sockets nothing is lost while Slack refreshes the one and then the other', async () => {
  await using chat = await startChat({ slack: { rateLimits: Number.POSITIVE_INFINITY } });
  const { slack, setting } = chat;
  chat.keep(await startGateway(setting.config));
  await slack.until(() => slack.sockets === 2, 'the second socket', 10_000);
  const ana = slack.user('ana');

  const opened = () =>
    slack.calls.filter(({ method }) => method === 'apps.connections.open').length - slack.world.tickets.size;
  const typed: Promise<{ ok: boolean }>[] = [];
  for (const round of [0, 1]) {
    // The oldest one.
    slack.refresh();
    for (let at = 0; at < 5; at++) typed.push(ana.type('ops', '/vm list'));
    await Promise.all(typed);
    await slack.until(() => opened() === 3 + round && slack.sockets === 2, 'a new socket', 10_000);
  }
  await slack.until(() => slack.ephemerals('ana').length === 10, 'ten answers');

  assert.ok((await Promise.all(typed)).every(({ ok }) => ok));
  chat.assertLawful();
});
