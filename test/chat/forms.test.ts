import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machinesOf, type Written } from '../setting.ts';
import { handsOn } from './hands.ts';
import { startChat } from './setting.ts';

test('slack: /vm create without words opens a form that is completed while one types, and says what is wrong', async () => {
  await using chat = await startChat();
  const { slack, setting } = chat;
  const ana = slack.user('ana');

  await ana.type('ops', '/vm create');
  const form = await slack.until(() => slack.views('ana').at(-1), 'the form');
  const sizes = await ana.suggest(form, 'Size', 'm');
  const empty = await ana.submit(form, {});
  const refused = await ana.submit(form, { Name: 'k8s-dev', Size: 'medium', Node: 'pve2', CPUs: 'many' });
  const taken = await ana.submit(form, { CPUs: '3' });
  await chat.onSlack(/k8s-dev is ready/);

  assert.ok(sizes.some(({ value }) => value === 'medium'));
  assert.match(empty.text, /Fill in at least one field/);
  assert.match(refused.text, /CPUs: .*many/);
  assert.equal(taken.ok, true);
  const [made] = machinesOf(setting.lab);
  assert.deepEqual([made?.name, made?.node, made?.config.cores], ['k8s-dev', 'pve2', '3']);
  chat.assertLawful();
});

test('discord: /vm create without options opens a form whose last field takes the rest; options are completed', async () => {
  await using chat = await startChat();
  const { discord, setting } = chat;
  const ana = discord.user('ana');

  const sizes = await ana.suggest('ops', 'vm create', 'size', 'm', { name: 'k8s-dev' });
  await ana.type('ops', '/vm create');
  const form = await discord.until(() => discord.modals('ana')[0], 'the form');
  await ana.fill(form, { Name: 'k8s-dev', Size: 'medium', More: '--node pve2 --cpus 3' });
  await chat.onDiscord(/k8s.*dev.* is ready/);

  assert.ok(sizes?.some(({ value }) => value === 'medium'));
  const [made] = machinesOf(setting.lab);
  assert.deepEqual([made?.name, made?.node, made?.config.cores], ['k8s-dev', 'pve2', '3']);
  chat.assertLawful();
});

/** Only the platform's own group of operators may approve, and Ben is in it. */
const approvedByOps = (written: Written): Written => ({
  ...written,
  rules: [{ commands: ['vm destroy'], approval: { by: ['operators'] } }],
  groups: { operators: ['slack:ops', 'discord:ops'] },
});

for (const platform of ['slack', 'discord'] as const) {
  test(`${platform}: the group that may approve is told; who is not in it is refused privately; a rejection gives its reason`, async () => {
    await using chat = await startChat({ change: approvedByOps });
    const hands = handsOn(platform, chat);
    await chat.setting.ana.type('/vm create k8s-dev small');
    await chat.setting.ana.until(/k8s-dev is ready/);
    await hands.type('ana', '/vm destroy k8s-dev');
    const ask = await hands.card(/Approve\? destroy k8s-dev/);

    await hands.until(() => ask.thread().some((text) => /needs a yes/.test(text)), 'the word in the thread');
    await ask.press('cleo', 'Approve');
    const refusal = await hands.aside('cleo', /You may not approve this/);
    await ask.press('ben', 'Reject');
    await hands.send('ben', { Why: 'It is still in use. @everyone <!channel>' });
    await hands.until(() => /was rejected/.test(ask.text), 'the rejection');
    await hands.until(() => ask.thread().some((text) => /was rejected/.test(text)), 'the end in the thread');

    assert.match(
      ask.thread().at(-1) ?? '',
      /@ana: destroy k8s-dev .* was rejected: ben said no\. It is still in use\. @\u200b?everyone <!channel>/is,
    );
    assert.match(refusal.text, /it is for other groups/);
    assert.match(ask.text, /Rejected · .*ben.*: It is still in use\./is);
    assert.equal(machinesOf(chat.setting.lab).length, 1);
    assert.deepEqual(groupsTold(chat, platform), ['ops']);
    assert.ok(![...chat.discord.world.messages.values()].some(({ mentionsEveryone }) => mentionsEveryone));
    chat.assertLawful();
  });
}

/** The user groups or roles that were told of something with a sound. */
function groupsTold({ slack, discord }: Awaited<ReturnType<typeof startChat>>, platform: 'slack' | 'discord') {
  if (platform === 'discord') {
    const told = [...discord.world.messages.values()].flatMap(({ mentions }) => mentions);
    return [...discord.world.roles.values()].filter(({ id }) => told.includes(id)).map(({ name }) => name);
  }
  const sent = JSON.stringify([...slack.world.messages.values()].map(({ content }) => content.blocks));
  return [...slack.world.groups.values()].filter(({ id }) => sent.includes(id)).map(({ handle }) => handle);
}
