import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { startGateway } from '#bot/gateway.ts';
import type { Shown } from '#bot/show/slots.ts';
import { textOf } from '#lab/discord/people/look.ts';
import { machinesOf } from '../setting.ts';
import { handsOn } from './hands.ts';
import { type ChatSetting, startChat } from './setting.ts';

const minuteMs = 60_000;

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

/** Makes all VMs wait for their agents until the fault is taken away. */
function holdAgents({ setting: { lab } }: ChatSetting): void {
  const reason = 'QEMU guest agent is not running';
  lab.faults.push({ path: /agent\/ping$/, status: 500, reason, times: Number.POSITIVE_INFINITY });
}

test('a job that is longer than the fifteen minutes of its interaction goes on in the same card', async () => {
  await using chat = await startChat();
  const { discord } = chat;
  const hands = handsOn('discord', chat);
  holdAgents(chat);
  await hands.type('ana', '/vm create k8s-dev small');
  const card = await hands.card(/create k8s-dev on pve1 is running/);

  discord.pass(16 * minuteMs);
  const later = discord.calls.length;
  chat.setting.lab.faults.length = 0;
  await hands.until(() => /k8s-dev is ready/.test(card.text), 'the end on the card');

  assert.ok(discord.calls.slice(later).every(({ route }) => !route.includes('/webhooks/')));
  chat.assertLawful();
});

test('a card that is older than fifty minutes rests, and a fresh one goes on', async () => {
  await using chat = await startChat();
  const { redis, config } = chat.setting;
  const hands = handsOn('discord', chat);
  holdAgents(chat);
  await hands.type('ana', '/vm create k8s-dev small');
  const old = await hands.card(/create k8s-dev on pve1 is running/);
  const [slot = ''] = await redis.keys(`{${config.redis.prefix}}:show:slot:run/*`);
  const readShown = async () => JSON.parse((await redis.hget(slot, 'shown')) ?? '{}') as Shown;
  // Until the plan stands in the thread and nobody is at it.
  while (!(await readShown()).told?.some((name) => name.startsWith('plan:')) || (await redis.hexists(slot, 'lease'))) {
    await systemClock.sleep(5);
  }
  const [shown, rested] = [await readShown(), old.text];

  // As if it had been posted an hour ago.
  await redis.hset(slot, 'shown', JSON.stringify({ ...shown, postedAt: Date.now() - 60 * minuteMs }));
  chat.setting.lab.faults.length = 0;
  await hands.card(/k8s-dev is ready/);

  assert.equal(old.text, rested);
  assert.equal(hands.count(/k8s-dev is ready/), 1);
  chat.assertLawful();
});

test('two gateways have one session, and what is typed is done once', async () => {
  await using chat = await startChat();
  const { discord, setting } = chat;
  chat.keep(await startGateway(setting.config));
  await chat.slack.until(() => chat.slack.sockets > 1, 'the second gateway', 10_000);
  const hands = handsOn('discord', chat);

  await hands.type('ana', '/vm create k8s-dev small');
  await hands.card(/k8s-dev is ready/);

  assert.equal(discord.gateway.connected(), 1);
  assert.equal(machinesOf(setting.lab).length, 1);
  assert.equal(hands.count(/k8s-dev is ready/), 1);
  chat.assertLawful();
});
