import { setTimeout as sleep } from 'node:timers/promises';
import { makeKeys } from '#jobs/engine/keys.ts';
import { addTemplates } from '#lab/templates.ts';
import { writeMarker } from '#proxmox/marker.ts';
import { callsOf, machinesOf, type Written } from '../setting.ts';
import { watched } from '../sites.ts';
import { type ChatSetting, startChat } from './setting.ts';
import { onDiscord, onSlack, type Side } from './side.ts';
import type { Platform, Trouble } from './trouble.ts';

export type Act = 'create' | 'read' | 'file' | 'vote';

export interface Outcome {
  /** The platform showed the person that it arrived. When it did not, they know that they have to try again. */
  readonly acknowledged: boolean;
  /** What was promised and is not so; empty when all is well. */
  readonly wrong: readonly string[];
  readonly tookMs: number;
  /** The sites that the program passed from the act on. */
  readonly sites: readonly string[];
}

/**
 * Plays one case in a setting of its own: somebody acts while there is trouble, at one site if it is one of those, and what it led to is looked at.
 */
export async function play(platform: Platform, act: Act, trouble: Trouble, site = ''): Promise<Outcome> {
  const sites: string[] = [];
  let armed: ChatSetting | undefined;
  const long = act === 'file' ? { change: withLongCatalog } : {};
  const begin = () => startChat({ slack: { rateLimits: Number.POSITIVE_INFINITY }, ...long });
  await using chat = await watched((now) => {
    if (!armed) return;
    sites.push(now);
    if (now === site && sites.indexOf(now) === sites.length - 1) trouble.strike?.(armed, platform, site);
  }, begin);
  const side = platform === 'slack' ? onSlack(chat) : onDiscord(chat);
  const vote = act === 'vote' ? await prepareVote(chat, side) : undefined;
  const does = {
    create: () => side.create('k8s-dev'),
    read: () => side.read('/vm list'),
    file: () => side.read('/template list'),
    vote: async () => (await vote?.()) === true,
  };
  const after = await trouble.begin(chat, platform, site);
  armed = chat;
  const began = performance.now();
  let acknowledged = await does[act]();
  await after?.();
  if (trouble.again && !acknowledged && !(await begun(chat, act))) acknowledged = await does[act]();
  const wrong = await wrongWith(chat, side, act, acknowledged, trouble.withinMs);
  return { acknowledged, wrong, tookMs: performance.now() - began, sites };
}

/** So many templates that Slack takes a list of them only as a file. */
function withLongCatalog(written: Written): Written {
  const [entry] = Object.values(written.templates ?? {});
  const more = Array.from({ length: 300 }, (_, at) => [`debian-${at}`, entry]);
  return { ...written, templates: { ...written.templates, ...Object.fromEntries(more) } };
}

async function prepareVote({ setting }: ChatSetting, side: Side): Promise<() => Promise<boolean>> {
  const description = writeMarker('k8s-dev', { run: 'r-earlier', owner: 'ana', vmid: 3000, template: 'lab-debian' });
  const vm = { vmid: 3000, name: 'k8s-dev', storage: 'nas', config: { template: '0', description } };
  await addTemplates(setting.lab.cluster, [vm]);
  return side.ask('k8s-dev');
}

/** What of the promise does not hold: nothing acknowledged is lost, nothing is done twice, what was begun is shown to its end, once. */
async function wrongWith(chat: ChatSetting, side: Side, act: Act, acknowledged: boolean, withinMs: number) {
  const { setting } = chat;
  const wrong: string[] = [];
  const seen = { create: side.texts, read: side.whispers, file: side.files, vote: side.texts }[act];
  const end = { create: /k8s.?-dev\W* is ready/, read: /VM|None|no /i, file: /^answer-\w+\.txt$/, vote: /is gone/ }[
    act
  ];
  const shown = () => seen().filter((text) => end.test(text)).length;
  // Slack can't say whether a private answer came, so a second one says of itself that it may be one.
  const owned = () => seen().filter((text) => end.test(text) && /seen this already/.test(text)).length;
  if (acknowledged || (await begun(chat, act))) {
    await side
      .until(() => shown() > 0, `the end of ${act}`, withinMs)
      .catch((error: Error) =>
        wrong.push(`its end is not shown: ${error.message.split('\n').slice(0, 12).join(' / ')}`),
      );
  }
  if (act === 'read' || act === 'file') wrong.push(...(await stillAsked(chat)));
  if (shown() - owned() > 1) wrong.push(`its end is shown ${shown()} times`);
  if (act === 'create') {
    const runs = await runsOf(chat);
    if (runs > 1 || (acknowledged && runs === 0)) wrong.push(`${runs} runs`);
    if (machinesOf(setting.lab).length > 1) wrong.push(`${machinesOf(setting.lab).length} machines`);
  }
  if (act === 'vote') {
    const votes = await votesOf(chat);
    if (votes > 1 || (acknowledged && votes === 0)) wrong.push(`${votes} decisions`);
    if (callsOf(setting.lab, /^DELETE .*\/qemu\/\{vmid\}$/) > 1) wrong.push('removed twice');
  }
  const { slack, discord } = chat;
  for (const violation of [...slack.violations, ...discord.violations]) wrong.push(JSON.stringify(violation));
  return wrong;
}

/** A question that a gateway died with is another one's after 15 s: only then can nobody answer it once more. */
async function stillAsked({ setting: { redis, config } }: ChatSetting): Promise<string[]> {
  const end = performance.now() + 20_000;
  while ((await redis.hlen(`{${config.redis.prefix}}:asked`)) > 0) {
    if (performance.now() > end) return ['the question is still open'];
    await sleep(50);
  }
  return [];
}

/** Whether anything of it was kept. */
async function begun(chat: ChatSetting, act: Act): Promise<boolean> {
  const kept = { create: runsOf, read: questionsOf, file: questionsOf, vote: votesOf }[act];
  return (await kept(chat)) > 0;
}

/** How many runs stand in Redis. */
export const runsOf = ({ setting: { redis, config } }: ChatSetting): Promise<number> =>
  redis.zlexcount(makeKeys(`{${config.redis.prefix}}`).index, '[all/', '(all0');

/** How many questions are, or were, noted. */
async function questionsOf({ setting: { redis, config } }: ChatSetting): Promise<number> {
  const prefix = `{${config.redis.prefix}}`;
  const answered = await redis.keys(`${prefix}:answered:*`);
  return answered.length + (await redis.hlen(`${prefix}:asked`));
}

/** How many decisions the audit has: each names the revision that was decided, which the end of a run does not. */
export async function votesOf({ setting: { redis, config } }: ChatSetting): Promise<number> {
  const entries = await redis.xrange(`{${config.redis.prefix}}:audit`, '-', '+');
  return entries.filter(([, fields]) => {
    const what = fields[fields.indexOf('what') + 1];
    return (what === 'approved' || what === 'rejected') && fields.includes('revision');
  }).length;
}
