import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doctorSays } from './doctor.ts';
import { startChat } from './setting.ts';

test('an app that is removed from Slack in the middle of its life is told, and works again when it is put back', async () => {
  await using chat = await startChat();
  const { slack, onDiscord, discord } = chat;

  slack.uninstall();
  const report = await doctorSays(chat, /✗ Slack/);
  await discord.user('ana').type('ops', '/vm create name:k8s-dev size:small');
  await onDiscord(/k8s.*dev.* is ready/);
  slack.install();
  await slack.user('ana').type('ops', '/vm create k8s-two small');
  await chat.onSlack(/k8s-two is ready/);

  assert.match(report, /✗ Slack: The Slack app was removed from the workspace.*install it again/);
  assert.match(report, /✓ Discord/);
  await doctorSays(chat, /✓ Slack/);
});

test('a token that is reset on Discord in the middle of its life is told, and the others go on', async () => {
  await using chat = await startChat();

  chat.discord.resetToken();
  const report = await doctorSays(chat, /✗ Discord/);
  await chat.slack.user('ana').type('ops', '/vm create k8s-dev small');
  await chat.onSlack(/k8s-dev is ready/);

  assert.match(report, /✗ Discord: discord\.token: it does not know the bot’s token\. Copy it/);
  assert.match(report, /✓ Slack/);
});
