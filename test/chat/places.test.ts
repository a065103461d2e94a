import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machinesOf, type Written } from '../setting.ts';
import { handsOn } from './hands.ts';
import { type ChatSetting, startChat } from './setting.ts';

/** A second cluster (the same lab under another name), and which channels are about it. */
function twoClusters(places: readonly string[]) {
  return (written: Written): Written => {
    const [lab] = written.clusters;
    assert(lab);
    return {
      ...written,
      clusters: [lab, { ...lab, name: 'edge', vmids: { from: 7000, to: 7099 } }],
      channels: places.map((place) => ({ place, cluster: 'edge', pool: 'team' })),
    };
  };
}

test('what is typed in a channel is about its cluster and pool; elsewhere about the first cluster', async () => {
  const change = twoClusters(['slack:C0OPS', 'discord:900000000000000030']);
  await using chat = await startChat({ change });
  const { lab } = chat.setting;
  lab.state.pools.push({ poolid: 'team', comment: undefined });
  const [slack, discord] = [handsOn('slack', chat), handsOn('discord', chat)];

  await slack.type('ana', '/vm create one small');
  await discord.type('ana', '/vm create two small');
  await discord.type('ana', '/vm create three small', 'random');
  await Promise.all([
    slack.card(/one is ready/),
    discord.card(/two is ready/),
    discord.card(/three is ready/, 'random'),
  ]);

  const made = machinesOf(lab).map(({ vmid, name }) => {
    const pool = lab.state.guests.find((guest) => guest.vmid === vmid)?.pool;
    return `${name} ${vmid < 7000 ? 'lab' : 'edge'} ${pool}`;
  });
  assert.deepEqual(made.toSorted(), ['one edge team', 'three lab undefined', 'two edge team']);
  chat.assertLawful();
});

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

for (const [platform, happens] of [
  ['slack', 'archived'],
  ['discord', 'deleted'],
] as const) {
  test(`${platform}: when the channel is ${happens} in the middle of a job, its end comes as a direct message`, async () => {
    await using chat = await startChat();
    const hands = handsOn(platform, chat);
    chat.setting.lab.faults.push({ path: /agent\/ping$/, mode: 'hold', times: 99 });
    await hands.type('ana', '/vm create k8s-dev small');
    const card = await hands.card(/create k8s-dev on pve1 is running/);
    const run = /\br-\w+/.exec(card.text)?.[0];

    if (platform === 'slack') chat.slack.archive('ops');
    else chat.discord.deleteChannel('ops');
    await chat.setting.ana.type(`/job cancel ${run}`);
    const end = await hands.direct('ana', /create k8s-dev on pve1 was cancelled/);

    assert.match(end.text, /Taken back|Nothing was made/);
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
