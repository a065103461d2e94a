import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageKey } from '#lab/slack/messages.ts';
import { handsOn } from './hands.ts';
import { type ChatSetting, startChat } from './setting.ts';

test('how long it will take is told from how long the same steps took before; the command to copy stands at the foot', async () => {
  await using chat = await startChat({ lab: { times: { bootMs: 1500 } } });
  const { setting } = chat;
  const names = ['one', 'two', 'three'];
  await Promise.all(names.map((name) => setting.ana.type(`/vm create ${name} small --node pve1`)));
  await Promise.all(names.map((name) => setting.ana.until(new RegExp(`${name} is ready`))));

  for (const platform of ['slack', 'discord'] as const) {
    const hands = handsOn(platform, chat);
    await hands.type('ana', `/vm create on-${platform} small --node=pve1`);
    const card = await hands.card(new RegExp(`create on-${platform} .*[\\s\\S]*about 5 s left`));

    assert.match(
      card.text,
      new RegExp(`Run .*r-\\w+.* · asked by @ana · .*/vm create on-${platform} small --node[ =]pve1`, 'i'),
    );
  }
  chat.assertLawful();
});

for (const platform of ['slack', 'discord'] as const) {
  test(`${platform}: a plan that nobody carries out is shown to the one who asked, and done by its button`, async () => {
    await using chat = await startChat();
    const hands = handsOn(platform, chat);

    await hands.type('ana', '/vm create k8s-dev small --dry-run');
    const plan = await hands.aside('ana', /Plan: create k8s-dev on pve1/);
    await plan.press('ana', 'Do it');
    await hands.card(/k8s-dev is ready/);

    assert.match(plan.text, /1 to create, 0 to change, 0 to destroy\..*Nothing was done\./);
    chat.assertLawful();
  });
}

test('slack: where a workspace lets nobody edit, what is new stands in a new message', async () => {
  await using chat = await startChat({ slack: { editWindowMs: 0 } });
  const hands = handsOn('slack', chat);

  await hands.type('ana', '/vm create k8s-dev small');
  await hands.card(/k8s-dev is ready/);

  assert.equal(hands.count(/create k8s-dev on pve1 is/), 1);
  assert.equal(hands.count(/k8s-dev is ready/), 1);
});

for (const platform of ['slack', 'discord'] as const) {
  test(`${platform}: a card that somebody deletes in the middle of a job comes anew with its end`, async () => {
    await using chat = await startChat();
    const hands = handsOn(platform, chat);
    const reason = 'QEMU guest agent is not running';
    chat.setting.lab.faults.push({ path: /agent\/ping$/, status: 500, reason, times: Number.POSITIVE_INFINITY });
    await hands.type('ana', '/vm create k8s-dev small');
    const card = await hands.card(/create k8s-dev on pve1 is running/);
    await hands.until(() => card.thread().length > 0, 'the plan, after which the card is at rest');

    removeCards(chat, platform);
    chat.setting.lab.faults.length = 0;
    await hands.card(/k8s-dev is ready/);

    assert.equal(hands.count(/k8s-dev/), 1);
  });
}

test('discord: when it takes no more edits of an old card, a fresh one goes on', async () => {
  const agoMs = 70 * 60_000;
  await using chat = await startChat({ discord: { now: () => Date.now() - agoMs, oldEdits: 0 } });
  const hands = handsOn('discord', chat);
  const reason = 'QEMU guest agent is not running';
  chat.setting.lab.faults.push({ path: /agent\/ping$/, status: 500, reason, times: Number.POSITIVE_INFINITY });
  await hands.type('ana', '/vm create k8s-dev small');
  const old = await hands.card(/create k8s-dev on pve1 is running/);
  await hands.until(() => old.thread().length > 0, 'the plan, after which the card is at rest');

  chat.discord.pass(agoMs);
  chat.setting.lab.faults.length = 0;
  await hands.card(/k8s-dev is ready/);

  assert.match(old.text, /is running/);
  assert.equal(hands.count(/k8s-dev is ready/), 1);
  chat.assertLawful();
});

/** Deletes what the bot wrote in `ops`, threads left alone. */
function removeCards({ slack, discord }: ChatSetting, platform: 'slack' | 'discord'): void {
  if (platform === 'discord') {
    for (const { id } of discord.messages('ops')) discord.deleteMessage(id);
    return;
  }
  for (const { channel, ts } of slack.messages('ops')) slack.world.messages.delete(messageKey(channel, ts));
}
