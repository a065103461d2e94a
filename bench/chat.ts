import { setTimeout as sleep } from 'node:timers/promises';
import { slackManifest } from '#bot/manifest.ts';
import type { ChatReady } from '#bot/up/chat.ts';
import { type DiscordLab, startDiscord } from '#lab/discord/start.ts';
import { type SlackLab, startSlack } from '#lab/slack/start.ts';
import { type Measured, quantile, type Row, type Wish } from './report.ts';
import { startSetting } from './setting.ts';

const perSecond = 50;
const seconds = 10;
const jobs = 25;

/**
 * Slack and Discord, emulated in the measuring process with the real limits: how soon a slash command is acknowledged at 50 a second, and how old what is shown gets
 * while 25 jobs go on in one channel of Slack.
 */
export async function measureChat({ say }: Wish): Promise<Measured> {
  await using made = new AsyncDisposableStack();
  const slack = made.use(await startSlack({ manifest: slackManifest(undefined) }));
  const discord = made.use(await startDiscord());
  const setting = made.use(await startSetting({ realistic: true, chat: readyOf(slack, discord) }));
  await slack.until(() => slack.sockets > 0, 'the bot on Slack', 20_000);
  await discord.until(
    () => discord.gateway.connected() > 0 && discord.world.commands.size > 0,
    'it on Discord',
    20_000,
  );
  await setting.ana.type('/vm create warm-up --cpus 1 --memory 128M --build-template');
  await setting.ana.until(/warm-up is ready/, 120_000);

  say('25 jobs in one channel of Slack');
  const crowd = await measureCrowd(slack);
  say('50 commands a second on Slack');
  const onSlack = await typeSteadily(async () => {
    const { ok, ackMs } = await slack.user('ana').type('random', '/vm list');
    return ok ? ackMs : undefined;
  });
  say('50 commands a second on Discord');
  const onDiscord = await typeSteadily(async () => {
    const sent = performance.now();
    const { what } = await discord.user('ana').run('random', 'vm list');
    return what === 'failed' ? undefined : performance.now() - sent;
  });
  return {
    title: `Slack and Discord, emulated: ${jobs} jobs in one channel, and ${perSecond} /vm list a second for ${seconds} s`,
    rows: [...crowd, ...ackRows('Slack', onSlack), ...ackRows('Discord', onDiscord)],
  };
}

/** Types at a steady pace, whether or not the earlier ones were answered. Answers how long each acknowledgement took, ms; `undefined` for one that failed. */
async function typeSteadily(type: () => Promise<number | undefined>): Promise<readonly (number | undefined)[]> {
  const typing: Promise<number | undefined>[] = [];
  const began = performance.now();
  for (let i = 0; i < perSecond * seconds; i++) {
    await sleep(Math.max(0, began + (i * 1000) / perSecond - performance.now()));
    typing.push(type());
  }
  return Promise.all(typing);
}

function ackRows(platform: string, acks: readonly (number | undefined)[]): Row[] {
  const took = acks.filter((ms) => ms !== undefined);
  return [
    { what: `${platform}: acknowledged, p50`, value: quantile(took, 0.5), unit: 'ms' },
    { what: `${platform}: acknowledged, p99`, value: quantile(took, 0.99), unit: 'ms', atMost: 100 },
    { what: `${platform}: not acknowledged`, value: acks.length - took.length, unit: '', atMost: 0 },
  ];
}

/** What stands in the channel is compared with what is true twice a second, as long as the jobs go on. */
async function measureCrowd(slack: SlackLab): Promise<Row[]> {
  const names = Array.from({ length: jobs }, (_, at) => `crowd-${at}`);
  const began = performance.now();
  const first = slack.calls.length;
  for (const name of names) await slack.user('ana').type('ops', `/vm create ${name} --cpus 1 --memory 128M --disk 2G`);
  const changedAt = new Map<string, { text: string; at: number }>();
  let stalest = 0;
  const shownReady = () => slack.messages('ops').filter((one) => / is ready/.test(slack.textOf(one))).length;
  while (shownReady() < jobs && performance.now() - began < 300_000) {
    // The board says how far each job is; its own card is as old as the board then.
    for (const message of slack.messages('ops')) {
      const text = slack.textOf(message);
      const moving = /is running|jobs are going on/.test(text) && !/the board below/.test(text);
      const known = changedAt.get(message.ts);
      if (!moving || known?.text !== text) changedAt.set(message.ts, { text, at: performance.now() });
      else stalest = Math.max(stalest, performance.now() - known.at);
    }
    await sleep(500);
  }
  const calls = slack.calls.slice(first);
  const tooMany = calls.filter(({ result }) => result === 'ratelimited').length;
  const edits = calls.filter(({ method }) => method === 'chat.update').length;
  const minutes = (performance.now() - began) / 60_000;
  return [
    {
      what: 'jobs shown as ready',
      value: shownReady(),
      unit: '',
      note: `of ${jobs}, after ${(minutes * 60).toFixed(0)} s`,
    },
    { what: 'the longest that a live card or the board stood still', value: stalest / 1000, unit: 's', atMost: 30 },
    { what: 'edits a minute', value: edits / minutes, unit: '', note: 'Slack takes 50' },
    { what: 'calls refused for being too many', value: tooMany, unit: '', atMost: 0 },
  ];
}

function readyOf(slack: SlackLab, discord: DiscordLab): ChatReady {
  const { botToken, appToken } = slack.app;
  return {
    slackPage: slack.url,
    discordPage: discord.url,
    slack: { mode: 'socket', botToken, appToken, apiUrl: slack.apiUrl },
    discord: { token: discord.token, guild: discord.guildId, apiUrl: discord.api },
    accounts: {},
  };
}
