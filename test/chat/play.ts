import { makeKeys } from '#jobs/engine/keys.ts';
import { callsOf, machinesOf } from '../setting.ts';
import { type ChatSetting, startChat } from './setting.ts';
import { onDiscord, onSlack, type Side } from './side.ts';
import type { Trouble } from './trouble.ts';

export const acts = ['create', 'read', 'vote'] as const;
export type Act = (typeof acts)[number];

export interface Outcome {
  /** The platform showed the person that it arrived. When it did not, they know that they have to try again. */
  readonly acknowledged: boolean;
  /** What was promised and is not so; empty when all is well. */
  readonly wrong: readonly string[];
  readonly tookMs: number;
}

/** Plays one case in a setting of its own: somebody acts while there is trouble, and what it led to is looked at. */
export async function play(platform: Side['name'], act: Act, trouble: Trouble): Promise<Outcome> {
  await using chat = await startChat({ slack: { rateLimits: Number.POSITIVE_INFINITY } });
  const side = platform === 'slack' ? onSlack(chat) : onDiscord(chat);
  const voting = act === 'vote' ? await prepareVote(chat, side) : undefined;
  await trouble.begin(chat, platform);
  const began = performance.now();
  const acknowledged = await (act === 'create' ? side.create('k8s-dev') : act === 'read' ? side.read() : voting?.());
  await trouble.end?.(chat, platform);
  const wrong = await wrongWith(chat, side, act, acknowledged === true, trouble.withinMs);
  return { acknowledged: acknowledged === true, wrong, tookMs: performance.now() - began };
}

async function prepareVote({ setting }: ChatSetting, side: Side): Promise<() => Promise<boolean>> {
  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/k8s-dev is ready/);
  return side.ask('k8s-dev');
}

/** What of the promise does not hold: nothing acknowledged is lost, nothing is done twice, what was begun is shown to its end, once. */
async function wrongWith(chat: ChatSetting, side: Side, act: Act, acknowledged: boolean, withinMs: number) {
  const { setting } = chat;
  const wrong: string[] = [];
  const seen = act === 'read' ? side.whispers : side.texts;
  const end = { create: /k8s.?-dev\W* is ready/, read: /VM|None|no /i, vote: /is gone/ }[act];
  const shown = () => seen().filter((text) => end.test(text)).length;
  const begun = async () => (act === 'create' ? (await runsOf(chat)) > 0 : act === 'vote' && (await votesOf(chat)) > 0);

  if (acknowledged || (await begun())) {
    await side
      .until(() => shown() > 0, `the end of ${act}`, withinMs)
      .catch((error: Error) =>
        wrong.push(`its end is not shown: ${error.message.split('\n').slice(0, 12).join(' / ')}`),
      );
  }
  if (shown() > 1) wrong.push(`its end is shown ${shown()} times`);
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

/** How many runs stand in Redis. */
const runsOf = ({ setting: { redis, config } }: ChatSetting): Promise<number> =>
  redis.zlexcount(makeKeys(`{${config.redis.prefix}}`).index, '[all/', '(all0');

/** How many decisions the audit has. */
async function votesOf({ setting: { redis, config } }: ChatSetting): Promise<number> {
  const entries = await redis.xrange(`{${config.redis.prefix}}:audit`, '-', '+');
  return entries.filter(([, fields]) => fields.includes('approved') || fields.includes('rejected')).length;
}
