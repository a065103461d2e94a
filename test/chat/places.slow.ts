import assert from 'node:assert/strict';
import { test } from 'node:test';
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
