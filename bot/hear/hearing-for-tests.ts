import { type Card, plain } from '#base/card.ts';
import { systemClock } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import type { Account, ChatListener, ChatPlatform, Place } from '#chat/platform.ts';
import { commands } from '#commands/table.ts';
import { makeKeys } from '#jobs/engine/keys.ts';
import type { RunState } from '#jobs/engine/record.ts';
import { connectRedis } from '#jobs/engine/redis.ts';
import { openRuns } from '#jobs/engine/runs.ts';
import { jobs } from '#jobs/table.ts';
import type { Approval } from '#policy/principal.ts';
import { Limits } from '#policy/quotas.ts';
import { Rule } from '#policy/rules.ts';
import { freshRedis } from '../../test/redis.ts';
import { type Meaning, openButtons } from '../cards/buttons.ts';
import type { Config } from '../config.ts';
import { defaultSettings } from '../defaults.ts';
import { openLinks } from '../identity/links.ts';
import { makeSelf } from '../identity/self.ts';
import type { Office } from '../office.ts';
import { openPeople } from '../people.ts';
import { policyOf } from '../policy.ts';
import { makeAuthorize } from './authorizing.ts';
import { openChanges } from './changes.ts';
import { makeListener } from './listener.ts';

export interface Rights {
  readonly rules?: readonly object[];
  readonly people?: Config['people'];
  readonly groups?: Config['groups'];
  readonly everybody?: 'read' | 'change';
  readonly limits?: Partial<Limits>;
}

export const ana: Account = { account: 'ana', name: 'Ana', groups: ['platform'] };
export const ben: Account = { account: 'ben', name: 'Ben', groups: [] };
/** In the own workspace, and in nobody's configuration. */
export const eve: Account = { account: 'slack:T1:UEVE', name: 'Eve', groups: [] };
/** The account of somebody who was in the own workspace, and is no more. */
export const left = 'slack:T1:ULEFT';
export const stranger: Account = {
  ...eve,
  account: 'slack:T9:UZOE',
  outside: 'you are of another Slack workspace (T9)',
};

const usualPeople = [ana, ben].map(({ account: key, name, groups }) => ({
  key,
  name,
  groups: [...groups],
  accounts: [],
}));
const place = { platform: 'chat', channel: 'ops' } satisfies Place;

/** A gateway's ears on a real Redis, with a platform in memory. No worker: jobs are in the state that a test says. */
export async function openHearing(rights: Rights = {}) {
  const { url, prefix } = await freshRedis();
  const redis = connectRedis(url, 'blocking');
  const config = {
    ...{ people: usualPeople, groups: {}, everybody: 'read' as const, slack: {} },
    ...rights,
    rules: (rights.rules ?? []).map((rule) => Rule.parse(rule)),
  };
  const told: { readonly account: string; readonly text: string; readonly card: Card }[] = [];
  const notes: unknown[] = [];
  const platform: Partial<ChatPlatform> = {
    name: 'chat',
    whisper: async (_, account, card) => void told.push({ account, card, text: textOf(card) }),
    direct: async (account) => ({ platform: 'chat', channel: `@${account}` }),
  };
  const log = {
    warn: (what: unknown) => void notes.push(what),
    info() {},
    debug() {},
    error: notes.push,
  } as unknown as Log;
  const runs = openRuns({ redis, prefix });
  const limits = Limits.parse(rights.limits ?? {});
  const policy = policyOf(config);
  const people = openPeople(
    redis,
    prefix,
    config,
    async () => [],
    async (account) => (account === left ? 'you left the workspace' : undefined),
  );
  const cluster = { name: 'lab' };
  const office: Office = {
    ...{ redis, prefix, jobs, log, people, policy, groups: config.groups, channels: [], keepFor: '2h' },
    platforms: new Map([['chat', platform]]),
    buttons: openButtons(redis, prefix),
    authorize: makeAuthorize({ policy, redis, prefix, log }),
    changes: openChanges(runs, limits),
    limits,
    answering: <T>(act: () => Promise<T>) => act(),
    desk: {
      ...{ table: commands, runs, cluster: 'lab', signal: new AbortController().signal },
      tools: { clusters: new Map([['lab', cluster]]), settings: defaultSettings, clock: systemClock, runs },
      rules: [],
      self: makeSelf(
        () => office,
        openLinks(redis, prefix, people),
        async () => ({ tone: 'info', fallback: 'home', blocks: [] }),
      ),
      platforms: async () => [],
    },
  } as unknown as Office;
  const listener: ChatListener = makeListener(office);
  const keys = makeKeys(prefix);
  let count = 0;
  const id = () => `d${++count}`;

  return {
    ...{ office, listener, told, notes, redis, prefix, runs, place },
    type: (by: Account, text: string) => listener.command({ id: id(), place, by, text }),
    press: async (by: Account, meaning: Meaning) =>
      listener.press({ id: id(), place, by, token: await office.buttons.token(meaning) }),
    send: async (by: Account, meaning: Meaning, values: Record<string, string>) =>
      listener.submit({ id: id(), place, by, token: await office.buttons.token(meaning), values }),
    /** A job of Ana's in this state, as its record would be; with a question, that is what it asks. */
    async put(job: string, state: RunState, question?: Approval): Promise<string> {
      const { id: run } = await runs.submit({
        ...{
          key: id(),
          job,
          version: 1,
          input: {},
          by: { key: 'ana', name: 'Ana' },
          origin: { ...place },
          text: `/${job} x`,
        },
        ...{ cluster: 'lab', onFailure: 'undo' },
        ...(question ? { approval: question } : {}),
      });
      const open = ['planning', 'asking', 'queued', 'running', 'waiting', 'undoing'].includes(state);
      const ask = { need: 1, groups: [], selfOk: false, expiresMs: 60_000, typeName: false, ...question };
      const view = {
        title: `${job} x`,
        name: 'x',
        rows: [],
        changes: { create: 1, change: 0, destroy: 0 },
        warnings: [],
        steps: [],
      };
      await redis.hset(keys.run(run), {
        ...{ state, view: JSON.stringify(view), resume: 'queued', endedAt: open ? '' : '1' },
        ...(question === undefined && state !== 'asking' && state !== 'expired' && state !== 'rejected'
          ? {}
          : {
              ...{ 'ask.key': 'plan', 'ask.title': job, 'ask.revision': '1', 'ask.votes': '[]', 'ask.note': '' },
              ...{ 'ask.state': state === 'asking' ? 'open' : state, 'ask.expiresAt': String(Date.now() + 60_000) },
              ...{ 'ask.need': ask.need, 'ask.groups': JSON.stringify(ask.groups), 'ask.expiresMs': ask.expiresMs },
              ...{ 'ask.selfOk': ask.selfOk ? '1' : '0', 'ask.typeName': ask.typeName ? '1' : '0' },
            }),
      });
      if (!open) await redis.zrem(keys.open, run);
      return run;
    },
    /** The audit: what changed, in order. */
    changed: async () =>
      (await redis.xrange(keys.audit, '-', '+')).map(([, fields]) => fields[fields.indexOf('what') + 1]),
    denied: async () => (await redis.xrange(`${prefix}:denied`, '-', '+')).map(([, fields]) => fields),
    [Symbol.dispose]: () => redis.disconnect(),
  };
}

function textOf({ blocks }: Card): string {
  return blocks.flatMap((block) => ('text' in block ? [plain(block.text)] : [])).join('\n');
}
