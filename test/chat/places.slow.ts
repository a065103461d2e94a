import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { textOf } from '#lab/discord/people/look.ts';
import { handsOn } from './hands.ts';
import { type ChatSetting, startChat } from './setting.ts';

const closed: readonly {
  readonly platform: 'slack' | 'discord';
  readonly what: string;
  readonly channel: string;
  prepare?(chat: ChatSetting): void;
  readonly says: RegExp;
}[] = [
  {
    platform: 'slack',
    what: 'a private channel that the bot is not in',
    channel: 'vault',
    says: /I can’t see this channel: invite me with \/invite @botswain\. So you read here about \/vm create/,
  },
  {
    platform: 'slack',
    what: 'a channel where only some may post',
    channel: 'random',
    prepare({ slack }) {
      const random = slack.world.channels.get(slack.channel('random'));
      if (random) random.readOnly = true;
    },
    says: /this channel does not let me post \(restricted_action.*So you read here/,
  },
  {
    platform: 'discord',
    what: 'a channel where the bot may not write',
    channel: 'ops',
    prepare: ({ discord }) => discord.forbid('ops', 'sendMessages'),
    says: /I may not write here: give my role Send Messages, .* So you read here about \/vm create/,
  },
];

for (const { platform, what, channel, prepare, says } of closed) {
  test(`${platform}: what is asked in ${what} goes on in direct messages, which say why`, async () => {
    await using chat = await startChat();
    const hands = handsOn(platform, chat);
    prepare?.(chat);

    await hands.type('ana', '/vm create k8s-dev small', channel);
    await hands.direct('ana', says);
    await hands.direct('ana', /k8s-dev is ready/);

    assert.equal(hands.count(/is ready/, channel), 0);
  });
}

test('slack: in a public channel that the bot was never invited to it answers all the same', async () => {
  await using chat = await startChat();
  const hands = handsOn('slack', chat);

  await hands.type('ana', '/vm create k8s-dev small', 'random');
  await hands.card(/k8s-dev is ready/, 'random');
  await hands.type('ana', '/vm list', 'random');
  await hands.aside('ana', /VMs.*k8s-dev/s);

  chat.assertLawful();
});

for (const { platform, close, triesIn } of [
  {
    platform: 'slack',
    close({ slack }: ChatSetting) {
      const random = slack.world.channels.get(slack.channel('random'));
      if (random) random.readOnly = true;
      const fault = { on: 'api', method: 'conversations.open', mode: 'error', error: 'user_disabled' } as const;
      slack.faults.push({ ...fault, times: Number.POSITIVE_INFINITY });
      return () => void slack.faults.splice(0);
    },
    triesIn: ({ slack }: ChatSetting) => slack.calls.filter(({ method }) => method === 'conversations.open').length,
  },
  {
    platform: 'discord',
    close({ discord }: ChatSetting) {
      discord.forbid('random', 'sendMessages');
      discord.refuseDirect('ana');
      return () => discord.permit('random', 'sendMessages');
    },
    // The channel refuses, then the person.
    triesIn: ({ discord }: ChatSetting) => discord.calls.filter(({ status }) => status === 403).length / 2,
  },
] as const) {
  test(`${platform}: who can be reached nowhere is tried more and more seldom, and reads the end when that has changed`, async () => {
    await using chat = await startChat();
    const hands = handsOn(platform, chat);
    const open = close(chat);

    await hands.type('ana', '/vm create k8s-dev small', 'random');
    await sleep(12_000);
    const tries = triesIn(chat);
    open();
    await hands.until(() => hands.count(/k8s-dev is ready/, 'random') + direct(platform, chat) > 0, 'the end', 20_000);

    // At once, and after 1, 3 and 7 s; once more for each change that people wait for.
    assert.ok(tries >= 2 && tries <= 8, `${tries}`);
  });
}

/** How many direct messages tell Ana of the end. */
function direct(platform: 'slack' | 'discord', { slack, discord }: ChatSetting): number {
  const texts = platform === 'slack' ? slack.dms('ana').map(slack.textOf) : discord.dms('ana').map(textOf);
  return texts.filter((text) => /k8s-dev.*is ready/.test(text)).length;
}
