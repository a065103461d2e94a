import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SlackLab } from '#lab/slack/start.ts';
import type { User } from '#lab/slack/world.ts';
import { machinesOf, type Written } from '../setting.ts';
import { handsOn } from './hands.ts';
import { type ChatSetting, startChat } from './setting.ts';

/** A workspace, tokens, and nothing else: nobody stands in the configuration but those of the console. */
const tokensOnly = (written: Written): Written => ({ ...written, everybody: 'read' });

/** Zoe of another workspace, in a shared channel, and Gil, a guest. */
function withStrangers(slack: SlackLab): void {
  const cleo = [...slack.world.users.values()].find(({ name }) => name === 'cleo');
  const channel = slack.world.channels.get(slack.channel('ops'));
  if (!cleo || !channel) throw new Error('the workspace has no Cleo or no ops');
  const add = (user: Partial<User> & { id: string; name: string }) => {
    slack.world.users.set(user.id, { ...cleo, realName: user.name, ...user });
    channel.members.add(user.id);
  };
  add({ id: 'U0ZOE', name: 'zoe', team: 'T9OTHER' });
  add({ id: 'U0GIL', name: 'gil', guest: true });
}

const runsOf = async ({ setting: { redis, config } }: ChatSetting) =>
  redis.zlexcount(`{${config.redis.prefix}}:index`, '[all/', '(all0');

for (const platform of ['slack', 'discord'] as const) {
  test(`${platform}: who is not known may look, changes nothing, and reads the line that lets them in`, async () => {
    await using chat = await startChat({ change: tokensOnly });
    const hands = handsOn(platform, chat);

    await hands.type('cleo', '/vm create k8s-dev small');
    const refused = await hands.aside('cleo', /I don.t know you/);
    await hands.type('cleo', '/node list');
    await hands.aside('cleo', /pve1/);

    assert.match(refused.text, /\{ key: "cleo", name: "[^"]+", accounts: \["(slack:T0LAB:U0CLEO|discord:\d+)"\] \}/i);
    assert.equal(await runsOf(chat), 0);
    chat.assertLawful();
  });
}

test('slack: what one’s own card offers can be pressed: who is not known is offered nothing to decide or start', async () => {
  const change = (written: Written): Written => ({
    ...tokensOnly(written),
    groups: { platform: ['slack:T0LAB:U0ANA', 'slack:T0LAB:U0BEN'] },
  });
  await using chat = await startChat({ change });
  const hands = handsOn('slack', chat);
  await hands.type('ana', '/vm create k8s-dev small');
  await hands.card(/k8s.?-dev is ready/);
  await hands.type('ana', '/vm destroy k8s-dev');
  await hands.card(/Approve\?/);

  const { slack } = chat;
  const home = async (who: 'ben' | 'cleo') => {
    slack.user(who).openHome();
    const there = () => [slack.home(who)].find((view) => view && /Start something/.test(slack.textOf(view)));
    return slack.until(there, `${who}'s home`);
  };
  const [known, unknown] = [await home('ben'), await home('cleo')];
  const press = (who: 'ben' | 'cleo', label: string) => slack.user(who).press(who === 'ben' ? known : unknown, label);

  assert.match(slack.textOf(known), /asks: destroy/);
  assert.match(slack.textOf(unknown), /Waiting for you\nNothing\./);
  for (const label of ['Approve', 'New VM', 'Build a template']) await assert.rejects(press('cleo', label));
  await press('cleo', 'Nodes');
  await hands.direct('cleo', /pve1/);
  await press('ben', 'Approve');
  await hands.card(/is gone from/);
});

test('slack: people of another workspace and guests get nothing, whatever everybody may', async () => {
  await using chat = await startChat({ before: withStrangers });
  const { slack } = chat;

  for (const name of ['zoe', 'gil']) {
    await slack.user(name).type('ops', '/vm create k8s-dev small');
    slack.user(name).say('ops', '@botswain vm list');
    await slack.until(
      () => slack.ephemerals(name).filter((one) => /so I do nothing for you/.test(slack.textOf(one))).length === 2,
      `${name} is refused twice`,
    );
  }

  const said = (name: string) => slack.ephemerals(name).map(slack.textOf).join('\n');
  assert.match(said('zoe'), /you are of another Slack workspace \(T9OTHER\).*accounts: \["slack:T9OTHER:U0ZOE"\]/s);
  assert.match(said('gil'), /you are a guest in this Slack workspace/);
  assert.equal(await runsOf(chat), 0);
});

test('slack: a workspace and a guest that the configuration names are let in', async () => {
  const named = (written: Written): Written => ({
    ...tokensOnly(written),
    groups: { friends: ['slack:T0LAB:U0GIL', 'slack:T9OTHER:U0ZOE'] },
  });
  await using chat = await startChat({ before: withStrangers, change: named });
  const { slack, setting } = chat;

  await slack.user('gil').type('ops', '/vm create of-gil small');
  await slack.user('zoe').type('ops', '/vm create of-zoe small');
  await chat.onSlack(/of.?-gil.* is ready/);
  await chat.onSlack(/of.?-zoe.* is ready/);

  assert.equal(machinesOf(setting.lab).length, 2);
});

test('a team with one workspace gets along with one line: everybody: change', async () => {
  await using chat = await startChat({ change: (written) => ({ ...tokensOnly(written), everybody: 'change' }) });
  const { slack, setting } = chat;
  const hands = handsOn('slack', chat);

  await hands.type('cleo', '/vm create k8s-dev small');
  await hands.card(/k8s.?-dev is ready/);
  await hands.type('cleo', '/vm destroy k8s-dev');
  const ask = await hands.card(/Approve\?/);
  await ask.press('cleo', 'Approve');
  await hands.aside('cleo', /somebody else must approve/);
  await ask.press('ben', 'Approve');
  await slack.until(() => /is gone/.test(ask.text), 'the end');

  assert.deepEqual(machinesOf(setting.lab), []);
  chat.assertLawful();
});
