import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf as discordText } from '#lab/discord/people/look.ts';
import { textOf } from '../console.ts';
import { machinesOf } from '../setting.ts';
import { type ChatSetting, startChat } from './setting.ts';

/** Ana's machine, made on the console, which nobody has asked to destroy yet. */
async function startWithMachine(): Promise<ChatSetting> {
  const chat = await startChat();
  await chat.setting.ana.type('/vm create k8s-dev small');
  await chat.setting.ana.until(/k8s-dev is ready/);
  return chat;
}

test('what is asked on Slack is approved on Discord', async () => {
  await using chat = await startWithMachine();
  const { slack, discord, setting, onSlack } = chat;

  await slack.user('ana').type('ops', '/vm destroy k8s-dev');
  await onSlack(/Approve\?/);
  const home = await discord.user('ben').type('ops', '/me show');
  const waiting = await discord.until(
    () => discord.ephemerals('ben').find((one) => /asks: /.test(discordText(one))),
    home.text,
  );
  await chat.sureOnDiscord('ben', waiting, 'Approve');
  await onSlack(/is gone/);

  assert.deepEqual(machinesOf(setting.lab), []);
  chat.assertLawful();
});

test('what is asked on Discord is approved on the console', async () => {
  await using chat = await startWithMachine();
  const { discord, setting, onDiscord } = chat;

  await discord.user('ana').type('ops', '/vm destroy vm:k8s-dev');
  await onDiscord(/Approve\?/);
  await setting.ben.type('/me show');
  await setting.ben.until(/Waiting for you\n.* asks: /);
  await setting.ben.press('Approve');
  await onDiscord(/is gone/);

  assert.deepEqual(machinesOf(setting.lab), []);
  chat.assertLawful();
});

test('what is asked on the console is approved in the home tab on Slack', async () => {
  await using chat = await startWithMachine();
  const { slack, setting } = chat;

  await setting.ana.type('/vm destroy k8s-dev');
  await setting.ana.until(/Approve\?/);
  await slack.user('ben').openHome();
  const home = await slack.until(() => slack.home('ben'), 'the home tab');
  assert.match(slack.textOf(home), /asks: /);
  await slack.user('ben').press(home, 'Approve');
  await setting.ana.until(/is gone/);

  assert.deepEqual(machinesOf(setting.lab), []);
  chat.assertLawful();
});

test('one person with two linked accounts cannot approve what they asked for', async () => {
  await using chat = await startWithMachine();
  const { slack, discord, setting, onSlack } = chat;
  await setting.ana.type('/me link');
  const first = codeIn(textOf(await setting.ana.until(/\/me link \w{8}/)));
  await slack.user('ana').type('ops', `/botswain me link ${first} --yes`);
  await setting.ana.until(/typed your code/);
  await setting.ana.press('Yes, that is me');
  await slack.until(() => slack.ephemerals('ana').some((one) => /here too/.test(slack.textOf(one))), 'the link');
  await setting.ana.type('/me link');
  const second = codeIn(textOf(await setting.ana.until(new RegExp(`/me link (?!${first})\\w{8}`))));
  await discord.user('ana').type('ops', `/me link code:${second} yes:true`);
  await setting.ana.until(/discord:.* typed your code/);
  await setting.ana.press('Yes, that is me');
  const linked = () =>
    [...discord.ephemerals('ana'), ...discord.dms('ana')].some((one) => /here too/.test(discordText(one)));
  await discord.until(linked, 'the link');

  await slack.user('ana').type('ops', '/vm destroy k8s-dev');
  const ask = await onSlack(/Approve\?/);
  const home = await discord.user('ana').type('ops', '/me show');
  assert.doesNotMatch(home.text ?? '', /asks: /);
  await slack.user('ana').press(ask, 'Approve');
  const refused = () => slack.ephemerals('ana').some((one) => /somebody else must approve/.test(slack.textOf(one)));
  await slack.until(refused, 'the refusal');

  assert.equal(machinesOf(setting.lab).length, 1);
  chat.assertLawful();
});

test('a platform with a wrong token keeps nobody else from working', async () => {
  await using chat = await startChat({ tokens: { slack: 'xoxb-wrong', discord: 'wrong'.repeat(12) } });

  await chat.setting.ana.type('/vm create k8s-dev small');
  await chat.setting.ana.until(/k8s-dev is ready/);

  assert.equal(machinesOf(chat.setting.lab).length, 1);
});

const codeIn = (text: string) => /\/me link (\w{8})/.exec(text)?.[1];
