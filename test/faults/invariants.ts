import { setTimeout as sleep } from 'node:timers/promises';
import { pairs } from '#jobs/engine/log-lines.ts';
import { endedStates, type RunRecord } from '#jobs/engine/record.ts';
import { checkChat } from './chat-invariants.ts';
import { foreignState, type Stage, stateOf } from './stage.ts';
import { checkVms } from './vm-invariants.ts';

/** What happened in one case: the runs that were asked for, and where the audit stood before. */
export interface Played {
  /** Request key → the run that it answered, each time it was sent. */
  readonly requests: ReadonlyMap<string, readonly string[]>;
  /** The runs, as they are now. */
  readonly runs: readonly RunRecord[];
  /** The states that each may have now. */
  readonly ends: ReadonlySet<string>;
  readonly since: { readonly audit: string; readonly tasks: number };
  /** How many tasks of one kind may succeed for one VM; 1 unless told. */
  readonly repeats?: Readonly<Record<string, number>>;
}

interface Entry {
  readonly run: string;
  readonly epoch: number;
  readonly state: string;
  readonly what: string;
  readonly by: string | undefined;
  readonly revision: string | undefined;
}

/**
 * Looks at Redis, the lab and the chat after a case, and answers every breach of the ten invariants, a sentence each that begins with its number, and every
 * call that Proxmox's own description of its API does not know; empty when all is well.
 */
export async function checkInvariants(stage: Stage, played: Played): Promise<string[]> {
  const entries = await readAudit(stage, played.since.audit);
  const checks = [
    () => checkEnds(played, entries),
    () => checkVms(stage, played.runs),
    () => checkClaims(stage, played),
    () => checkEffects(stage, played),
    () => checkEpochs(entries),
    () => checkPlaces(stage, played),
    () => checkChat(stage, played),
    () => checkVotes(entries),
    () => checkForeign(stage),
    () => checkRequests(played),
    () => checkCalls(stage),
  ];
  return (await Promise.all(checks.map(async (check) => check()))).flat();
}

/** I1: each run ends as it may, and once. */
function checkEnds({ runs, ends }: Played, entries: readonly Entry[]): string[] {
  return runs.flatMap(({ id, state, failure }) => {
    const wrong = ends.has(state) ? [] : [`I1: ${id} is ${state}: ${JSON.stringify(failure ?? null)}`];
    const last = entries.filter(({ run, what, by }) => run === id && by === undefined && endings.has(what));
    const reopened = entries.filter(({ run, what }) => run === id && (what === 'retry' || what === 'roll back')).length;
    const times = last.length - reopened;
    return times === 1 ? wrong : [...wrong, `I1: ${id} has ended ${last.length} times, reopened ${reopened} times.`];
  });
}

const endings = new Set(['finished', ...endedStates, 'kept', 'stuck']);

/** I3: no claim outlives its run, at least not for longer than until the janitor comes. */
async function checkClaims(stage: Stage, played: Played): Promise<string[]> {
  const limit = performance.now() + 3_000;
  for (;;) {
    const wrong = await lookAtClaims(stage, played);
    if (wrong.length === 0 || performance.now() > limit) return wrong;
    await sleep(50);
  }
}

async function lookAtClaims({ redis, prefix, runs: known }: Stage, { runs }: Played): Promise<string[]> {
  const wrong: string[] = [];
  for (const kind of ['vmids', 'names', 'rooms', 'addresses']) {
    for (const [what, owner] of Object.entries(await redis.hgetall(`${prefix}:claims:lab:${kind}`))) {
      const run = kind === 'rooms' ? what : owner;
      const [id = ''] = run.split(':', 1);
      const holder = runs.find((one) => one.id === id) ?? (await known.read(id));
      if (!holder || endedStates.has(holder.state))
        wrong.push(`I3: ${run} (${holder?.state}) still claims ${kind} ${what}.`);
    }
  }
  return wrong;
}

/** I4: for each VM at most one clone, one start and one removal. */
export function checkEffects({ lab }: Stage, { since, repeats = {} }: Pick<Played, 'since' | 'repeats'>): string[] {
  const counts = new Map<string, number>();
  const tasks = lab.cluster.tasks.all().toReversed().slice(since.tasks);
  for (const { type, id, exitstatus, lines } of tasks) {
    if (exitstatus !== 'OK' || !['qmclone', 'qmstart', 'qmdestroy', 'qmcreate', 'qmtemplate'].includes(type)) continue;
    const newid = type === 'qmclone' ? (/with ID (\d+)/.exec(lines.join('\n'))?.[1] ?? id) : id;
    const key = `${type} ${newid}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].flatMap(([key, times]) =>
    times > (repeats[key.split(' ')[0] ?? ''] ?? 1) ? [`I4: ${key} was done ${times} times.`] : [],
  );
}

/** I5: nobody with an older epoch has written. */
function checkEpochs(entries: readonly Entry[]): string[] {
  const last = new Map<string, number>();
  return entries.flatMap(({ run, epoch, what }) => {
    const before = last.get(run) ?? 0;
    last.set(run, Math.max(before, epoch));
    return epoch < before ? [`I5: ${run}: "${what}" of epoch ${epoch} after epoch ${before}.`] : [];
  });
}

/** I6: locks and slots are held by runs that are under way only. */
async function checkPlaces(stage: Stage, { runs }: Played): Promise<string[]> {
  const { redis, prefix, runs: known } = stage;
  const wrong: string[] = [];
  const members = await redis.zrange(`${prefix}:places`, '0', '-1');
  for (const member of members) {
    const id = member.slice(member.lastIndexOf('/') + 1);
    const run = runs.find((one) => one.id === id) ?? (await known.read(id));
    const mayHold = run && !endedStates.has(run.state) && run.state !== 'kept';
    if (mayHold) continue;
    const past = (await readAudit(stage, '0')).filter((entry) => entry.run === id);
    const story = past.map(({ epoch, what }) => `${epoch} ${what}`).join(', ');
    wrong.push(`I6: ${member} is held by a run that is ${run?.state ?? 'forgotten'}: ${story}.`);
  }
  return wrong;
}

/** I8: each question is decided at most once, by somebody with a name. */
function checkVotes(entries: readonly Entry[]): string[] {
  const decided = entries.filter(
    ({ what, revision }) => revision !== undefined && (what === 'approved' || what === 'rejected'),
  );
  const counts = Map.groupBy(decided, ({ run, revision }) => `${run} (revision ${revision})`);
  const twice = [...counts].flatMap(([which, all]) =>
    all.length > 1 ? [`I8: ${which} was decided ${all.length} times.`] : [],
  );
  return [...twice, ...decided.flatMap(({ run, by }) => (by ? [] : [`I8: nobody knows who decided ${run}.`]))];
}

/** Proxmox's own description knows each call, and each answer of the lab. */
export const checkCalls = ({ lab }: Stage): string[] =>
  lab.violations.map(({ call, of, complaint }) => `API: the ${of} of ${call}: ${complaint}`);

/** I9: what is not ours is as it was. */
export function checkForeign({ lab, foreign, intruders }: Stage): string[] {
  const wrong = foreignState(lab) === foreign ? [] : ['I9: a VM that is not ours has changed.'];
  for (const [vmid, before] of intruders) {
    if (stateOf(lab, vmid) !== before) wrong.push(`I9: VM ${vmid}, not ours, has changed.`);
  }
  return wrong;
}

/** I10: the same request is the same run. */
function checkRequests({ requests }: Played): string[] {
  return [...requests].flatMap(([key, ids]) =>
    new Set(ids).size > 1 ? [`I10: ${key} became ${[...new Set(ids)].join(' and ')}.`] : [],
  );
}

async function readAudit({ redis, prefix }: Stage, since: string): Promise<Entry[]> {
  const entries = await redis.xrange(`${prefix}:audit`, `(${since}`, '+');
  return entries.map(([, flat]) => {
    const fields = pairs(flat);
    const of = (name: string) => fields.get(name) ?? '';
    return {
      run: of('run'),
      epoch: Number(of('epoch')),
      state: of('state'),
      what: of('what'),
      by: fields.get('by'),
      revision: fields.get('revision'),
    };
  });
}
