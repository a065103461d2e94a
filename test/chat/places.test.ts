import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machinesOf, type Written } from '../setting.ts';
import { handsOn } from './hands.ts';
import { startChat } from './setting.ts';

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
