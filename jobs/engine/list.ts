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
  /** Of all pages. */
  readonly total: number;
  /** Undefined on the last page. */
  readonly cursor: string | undefined;
}

/**
 * A page of runs. Costs no more than the page, however many runs there are; with a person and a state also a look into
 * the index for each run of the smaller of the two.
 */
export async function listRuns(redis: Redis, keys: Keys, wanted: RunList): Promise<RunPage> {
  const { by, state } = wanted;
  const person = by === undefined ? undefined : `by/${encodeURIComponent(by)}`;
  if (person && state) return listBoth(redis, keys, wanted, [person, `state/${state}`]);
  const path = person ?? (state ? `state/${state}` : 'all');
  const total = await redis.zlexcount(keys.index, `[${path}/`, `(${path}0`);
  const runs: RunRecord[] = [];
  let end = wanted.cursor === undefined ? `(${path}0` : `(${path}/${wanted.cursor}`;
  let cursor = wanted.cursor;
  for (;;) {
    // One more than the page has tells whether there is another.
    const members = await redis.zrevrangebylex(keys.index, end, `[${path}/`, 'LIMIT', 0, wanted.limit + 1);
    for (const [member, run] of await readAll(redis, keys, members)) {
      end = `(${member}`;
      if (run === undefined) await redis.zrem(keys.index, member);
      if (run === undefined || (state !== undefined && run.state !== state)) continue;
      if (runs.length === wanted.limit) return { runs, total, cursor };
      runs.push(run);
      cursor = member.slice(path.length + 1);
    }
    if (members.length <= wanted.limit) return { runs, total, cursor: undefined };
  }
}

/** How many places of the index are asked for at once. */
const atOnce = 1000;

/** The runs that the index has at both paths. */
async function listBoth(
  redis: Redis,
  keys: Keys,
  { limit, cursor }: RunList,
  paths: readonly [string, string],
): Promise<RunPage> {
  const [first, second] = paths;
  const count = (path: string) => redis.zlexcount(keys.index, `[${path}/`, `(${path}0`);
  const [firsts, seconds] = await Promise.all([count(first), count(second)]);
  const [few, many] = firsts <= seconds ? [first, second] : [second, first];
  const members = await redis.zrevrangebylex(keys.index, `(${few}0`, `[${few}/`);
  const all = members.map((member) => member.slice(few.length + 1));
  const both: string[] = [];
  for (let at = 0; at < all.length; at += atOnce) {
    const some = all.slice(at, at + atOnce);
    const scores = await redis.zmscore(keys.index, ...some.map((place) => `${many}/${place}`));
    both.push(...some.filter((_, index) => scores[index] !== null));
  }
  const rest = both.filter((place) => cursor === undefined || place < cursor);
  const page = rest.slice(0, limit);
  const read = await readAll(
    redis,
    keys,
    page.map((place) => `${few}/${place}`),
  );
  // Forgotten ones stay in the index until its next trimming.
  const runs = read.flatMap(([, run]) => run ?? []);
  return { runs, total: both.length, cursor: rest.length > limit ? page.at(-1) : undefined };
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
