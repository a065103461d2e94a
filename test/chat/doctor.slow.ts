import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitsOf } from '#lab/discord/permissions.ts';
import { machinesOf } from '../setting.ts';
import { doctorSays } from './doctor.ts';
import { type ChatOptions, startChat } from './setting.ts';

const wrong: readonly { what: string; with: ChatOptions; says: RegExp }[] = [
  {
    what: 'a wrong token of Slack',
    with: { tokens: { slack: 'xoxb-wrong' } },
    says: /✗ Slack: slack\.botToken: Slack does not know the token.*OAuth & Permissions/,
  },
  {
    what: 'a missing scope of Slack',
    with: { slack: { without: ['files:write'] }, absent: 'slack' },
    says: /✗ Slack: The Slack app lacks the scope files:write \(logs as files\)\. Add it under OAuth & Permissions, then reinstall/,
  },
  {
    what: 'a wrong token of Discord',
    with: { tokens: { discord: 'wrong'.repeat(12) } },
    says: /✗ Discord: discord\.token: it does not know the bot’s token\..*Bot, Token/,
  },
  {
    what: 'an intent that Discord does not grant',
    with: { discord: { refusedIntents: 1 }, absent: 'discord' },
    says: /✗ Discord: The Discord application may not use the intent Guilds\. Look at .*Privileged Gateway Intents/,
  },
];

for (const { what, with: options, says } of wrong) {
  test(`${what} is named by /bot doctor, with what to do, and the other platforms go on`, async () => {
    await using chat = await startChat(options);
    const other = /Slack/.test(says.source) ? 'Discord' : 'Slack';

    const report = await doctorSays(chat, says);
    if (other === 'Slack') {
      await chat.slack.user('ana').type('ops', '/vm create k8s-dev small');
      await chat.onSlack(/k8s-dev is ready/);
    } else {
      await chat.discord.user('ana').type('ops', '/vm create name:k8s-dev size:small');
      await chat.onDiscord(/k8s.*dev.* is ready/);
    }

    assert.match(report, new RegExp(`✓ ${other}: People are heard`));
    assert.match(report, /✓ Console: People are heard/);
    assert.equal(machinesOf(chat.setting.lab).length, 1);
  });
}

test('a bot that is removed from the server on Discord is told, and so is one that is back', async () => {
  await using chat = await startChat();

  chat.discord.removeBot();
  const report = await doctorSays(chat, /✗ Discord/);
  chat.discord.inviteBot();
  await doctorSays(chat, /✓ Discord/);

  assert.match(report, /✗ Discord: the bot was removed from the server: open the invite link again/);
});

test('permissions that the bot lacks in the server are named, and people are heard all the same', async () => {
  await using chat = await startChat({
    before: (_, { world }) => {
      const everybody = world.roles.get(world.guild.id);
      assert(everybody);
      const taken = bitsOf('attachFiles', 'createPublicThreads');
      world.roles.set(everybody.id, { ...everybody, permissions: everybody.permissions & ~taken });
    },
  });
  const { discord } = chat;

  const report = await doctorSays(chat, /! Discord/);
  const answer = await discord.user('ana').type('ops', '/vm list');

  assert.match(
    report,
    /! Discord: The bot lacks the permissions Attach Files, Create Public Threads in the server\. Give/,
  );
  assert.equal(answer.what, 'thinking');
});
