import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../console.ts';
import { machinesOf, type Written } from '../setting.ts';
import { handsOn } from './hands.ts';
import { startChat } from './setting.ts';

/** Only a user group of Slack may approve; Ben is in it. */
const approvedOnSlack = (written: Written): Written => ({
  ...written,
  rules: [{ commands: ['vm destroy'], approval: { by: ['slack:ops'] } }],
});

test('one person linked over three platforms decides on Discord and on the console what was asked of a group on Slack', async () => {
  await using chat = await startChat({ change: approvedOnSlack });
  const { setting } = chat;
  const [slack, discord] = [handsOn('slack', chat), handsOn('discord', chat)];
  for (const name of ['one', 'two']) await setting.ana.type(`/vm create ${name} small`);
  await Promise.all([setting.ana.until(/one is ready/), setting.ana.until(/two is ready/)]);
  await setting.ben.type('/me show');
  await setting.ben.type('/me link');
  const link = async (code: string) => /\/me link (\w{8})/.exec(code)?.[1];
  const first = await link(textOf(await setting.ben.until(/\/me link \w{8}/)));
  await slack.type('ben', `/botswain me link ${first} --yes`);
  await setting.ben.until(/typed your code/);
  await setting.ben.press('Yes, that is me');
  await slack.aside('ben', /You are Ben \(ben\) here too/);
  await slack.type('ben', '/botswain me link');
  const second = await link((await slack.aside('ben', /\/me link \w{8}/)).text);
  await discord.type('ben', `/me link ${second} --yes`);
  const typed = await slack.aside('ben', /discord:.* typed your code/);
  await typed.press('ben', 'Yes, that is me');
  await slack.aside('ben', /\(discord:\d+\) is Ben \(ben\) now/);

  await slack.type('ana', '/vm destroy one');
  await slack.card(/Approve\? destroy one/);
  await discord.type('ben', '/me show');
  const waiting = await discord.aside('ben', /asks: destroy one/);
  await waiting.press('ben', 'Approve');
  const gone = await slack.card(/one .*is gone/);
  await slack.type('ana', '/vm destroy two');
  await slack.card(/Approve\? destroy two/);
  await setting.ben.type('/me show');
  await setting.ben.until(/asks: destroy two/);
  await setting.ben.press('Approve');
  await slack.card(/two .*is gone/);

  assert.match(gone.text, /Approved · @ben/);
  assert.deepEqual(machinesOf(setting.lab), []);
  chat.assertLawful();
});
