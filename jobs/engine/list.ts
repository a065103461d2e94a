import type { Redis } from 'ioredis';
import type { Keys } from './keys.ts';
import { parseRun } from './read-run.ts';
import { type RunRecord, type RunState, runStates } from './record.ts';
import type { Voter } from './vote.ts';

/** Which runs, the newest first. */
export interface RunList {
  readonly state?: RunState;
  /** A person's key. */
  readonly by?: string;
  readonly limit: number;
  /** From the page before. */
  readonly cursor?: string;
}

export interface RunPage {
  readonly runs: readonly RunRecord[];
  /** Of all pages; undefined where counting would cost as much as reading them all. */
  readonly total: number | undefined;
  /** Undefined on the last page. */
  readonly cursor: string | undefined;
}

/** A page of runs. Costs no more than the page, however many runs there are. */
export async function listRuns(redis: Redis, keys: Keys, wanted: RunList): Promise<RunPage> {
  const path = wanted.by ? `by/${encodeURIComponent(wanted.by)}` : wanted.state ? `state/${wanted.state}` : 'all';
  const counted = wanted.by === undefined || wanted.state === undefined;
  const total = counted ? await redis.zlexcount(keys.index, `[${path}/`, `(${path}0`) : undefined;
  const runs: RunRecord[] = [];
  let end = wanted.cursor === undefined ? `(${path}0` : `(${path}/${wanted.cursor}`;
  for (;;) {
    const members = await redis.zrevrangebylex(keys.index, end, `[${path}/`, 'LIMIT', 0, wanted.limit);
    for (const [member, run] of await readAll(redis, keys, members)) {
      end = `(${member}`;
      if (run === undefined) await redis.zrem(keys.index, member);
      else if (wanted.state === undefined || run.state === wanted.state) runs.push(run);
      if (runs.length === wanted.limit) return { runs, total, cursor: member.slice(path.length + 1) };
    }
    if (members.length < wanted.limit) return { runs, total, cursor: undefined };
  }
}

/** How many runs are in each state. */
export async function countRuns(redis: Redis, keys: Keys): Promise<Record<RunState, number>> {
  const counted = runStates.map(async (state) => {
    return [state, await redis.zlexcount(keys.index, `[state/${state}/`, `(state/${state}0`)] as const;
  });
  return Object.fromEntries(await Promise.all(counted)) as Record<RunState, number>;
}

/** The runs with an open question; with `person`, only those that the person may decide. */
export async function listOpenAsks(redis: Redis, keys: Keys, person: Voter | undefined): Promise<RunRecord[]> {
  const { runs } = await listRuns(redis, keys, { state: 'asking', limit: 200 });
  return runs.filter((run) => run.ask?.state === 'open' && (person === undefined || mayVote(run, person)));
}

function mayVote(run: RunRecord, person: Voter): boolean {
  if (!run.ask) return false;
  const { groups, selfOk } = run.ask.rule;
  const right = groups.length === 0 || groups.some((group) => person.groups.includes(group));
  return right && (selfOk || (run.by.key !== person.key && run.retriedBy !== person.key));
}

/** Each member of the index with its run; a run that is not remembered any more is `undefined`. */
async function readAll(
  redis: Redis,
  keys: Keys,
  members: readonly string[],
): Promise<[member: string, run: RunRecord | undefined][]> {
  return Promise.all(
    members.map(async (member) => {
      const fields = await redis.hgetall(keys.run(member.slice(member.lastIndexOf('/') + 1)));
      return [member, fields.id === undefined ? undefined : parseRun(fields)] as [string, RunRecord | undefined];
    }),
  );
}
