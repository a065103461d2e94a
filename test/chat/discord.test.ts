import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '#lab/discord/people/look.ts';
import { machinesOf } from '../setting.ts';
import { startChat } from './setting.ts';

test('the main job on Discord: a slash command, a card, a thread, an approval by a second person', async () => {
  await using chat = await startChat();
  const { discord, setting, onDiscord } = chat;
  const ana = discord.user('ana');

  const typed = await ana.type('ops', '/vm create name:k8s-dev size:medium');
  assert.equal(typed.what, 'message');
  const ready = await onDiscord(/k8s.*dev.* is ready/);
  assert.match(textOf(ready), /ssh /);
  assert.deepEqual(
    machinesOf(setting.lab).map(({ name }) => name),
    ['k8s-dev'],
  );

  await ana.press(ready, 'Destroy');
  const ask = await onDiscord(/Approve\?/);
  await chat.sureOnDiscord('ana', ask, 'Approve');
  await discord.until(
    () => discord.ephemerals('ana').some((one) => /somebody else must approve/.test(textOf(one))),
    'the refusal',
  );
  await chat.sureOnDiscord('ben', ask, 'Approve');
  await onDiscord(/is gone/);
  assert.deepEqual(machinesOf(setting.lab), []);
  chat.assertLawful();
});
