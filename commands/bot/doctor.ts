import type { Block, Card } from '#base/card.ts';
import { examine } from '#jobs/doctor/examine.ts';
import { type Advice, type Finding, marks } from '#jobs/doctor/finding.ts';
import { defineCommand } from '../command.ts';
import { clusterOf, type PlatformState } from '../desk.ts';
import { chatBlocks, chatTroubles } from './chat-report.ts';

export const doctor = defineCommand({
  path: 'bot doctor',
  synonyms: ['check', 'status', 'health', 'diagnose'],
  about: 'Whether Proxmox, Slack and Discord have all that the bot needs, and what to do where they do not.',
  example: '/bot doctor',
  risk: 'read',
  args: { cluster: { kind: 'text', about: 'Only this Proxmox cluster, and no chat.', positional: true } },
  async run({ cluster: wanted }, desk) {
    const { tools } = desk;
    const clusters = wanted === undefined ? [...tools.clusters.values()] : [clusterOf(desk, wanted)];
    const reports = await Promise.all(
      clusters.map(async (cluster) => ({
        name: cluster.name,
        findings: await examine(cluster, tools.settings, tools.clock, desk.channelPools(cluster.name)),
      })),
    );
    const all = wanted === undefined;
    return { answer: reportCard(reports, all ? await desk.platforms() : [], all ? desk.rules : []) };
  },
});

interface Report {
  readonly name: string;
  readonly findings: readonly Finding[];
}

function reportCard(reports: readonly Report[], chat: readonly PlatformState[], rules: readonly string[]): Card {
  const all = reports.flatMap(({ findings }) => findings);
  const { down, flawed } = chatTroubles(chat);
  const wrong = all.filter(({ state }) => state === 'bad').length + down;
  const doubtful = flawed > 0 || rules.length > 0 || all.some(({ state }) => state === 'warn');
  return {
    tone: wrong > 0 ? 'error' : doubtful ? 'warn' : 'ok',
    fallback: wrong === 0 ? 'The bot has what it needs.' : `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong.`,
    blocks: [...reports.flatMap(clusterBlocks), ...(chat.length > 0 ? chatBlocks(chat) : []), ...rulesBlocks(rules)],
  };
}

/** What is probably not meant so in the rules. */
function rulesBlocks(rules: readonly string[]): Block[] {
  if (rules.length === 0) return [];
  return [
    { kind: 'title', text: 'Rules' },
    ...rules.map((text): Block => ({ kind: 'text', text: [{ b: `${marks.warn} ` }, text] })),
  ];
}

function clusterBlocks({ name, findings }: Report): Block[] {
  return [
    { kind: 'title', text: `Proxmox ${name}` },
    {
      kind: 'table',
      columns: ['', 'What', 'Found'],
      rows: findings.map(({ state, topic, text }) => [marks[state], topic, text]),
    },
    ...nextSteps(findings),
  ];
}

/** What to do about it, below the table where there is room for a command line. */
function nextSteps(findings: readonly Finding[]): Block[] {
  return findings.flatMap(({ text, advice }): Block[] => {
    if (advice.length === 0) return [];
    return [{ kind: 'text', text: [{ b: text }] }, ...advice.flatMap(adviceBlocks)];
  });
}

function adviceBlocks({ when, next, also }: Advice): Block[] {
  const isCommand = /^(\/|pv|chrony|qm )/.test(next);
  return [
    ...(when === undefined ? [] : [{ kind: 'small', text: when } as const]),
    isCommand ? { kind: 'code', text: next } : { kind: 'small', text: next },
    ...(also === undefined ? [] : [{ kind: 'small', text: also } as const]),
  ];
}
