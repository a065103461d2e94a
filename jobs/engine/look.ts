import { atSite } from '#base/site.ts';
import { carryOut } from './carry-out.ts';
import { getStuck, giveUp } from './ending.ts';
import type { Engine } from './engine.ts';
import { plainFailure } from './failure.ts';
import { Lost } from './interruptions.ts';
import { readJournal } from './journal.ts';
import { claimRun, type Lease } from './lease.ts';
import { makePlan } from './planning.ts';
import { readRun } from './read-run.ts';
import type { RunRecord } from './record.ts';
import { redisTrouble } from './redis-trouble.ts';
import { handOver, type JoblessSituation, type Next, nextOf, type Situation } from './situation.ts';
import { makeSpeaker, type Speaker } from './speaker.ts';
import { finishUndone, undo } from './undo.ts';

const mostTakeovers = 3;

/**
 * What a doorbell asks for: claims the run when that is possible, and takes it as far as it goes. What this worker can't carry
 * out it offers to the others, unless it was `offered` itself. Never rejects.
 */
export async function lookAt(engine: Engine, run: string, offered = false): Promise<void> {
  // Still busy with an earlier look that has not noticed yet that its lease is over: another worker's turn.
  if (engine.leases.has(run)) return;
  let lease: Lease | 'left' | undefined;
  try {
    lease = await atSite('run/claim', () => claimRun(engine, run));
  } catch (error) {
    // Redis is in trouble; the sweep comes back to this run.
    engine.log.debug({ run, reason: String(error) }, 'run not claimed');
  }
  // An offer that is lost costs seconds: the sweep of those who can comes to the run as well.
  if (lease === 'left' && !offered) await engine.redis.publish(engine.keys.offers, run).catch(() => 0);
  if (!lease || lease === 'left') return;
  const speaker = makeSpeaker(engine, lease);
  engine.leases.set(run, lease);
  try {
    let next: Next = 'again';
    while (next === 'again') next = await advance(engine, lease, speaker);
  } catch (error) {
    // A Redis that goes away between two looks is no mistake either.
    if (error instanceof Lost || redisTrouble(error)) await speaker.letGo();
    // A mistake of ours: the lease runs out, others try, and after a few of them a person is asked.
    else engine.log.error({ run, err: error }, 'run left alone');
  } finally {
    engine.leases.delete(run);
    lease.close();
  }
}

async function advance(engine: Engine, lease: Lease, speaker: Speaker): Promise<Next> {
  lease.ensure();
  const record = await readRun(engine.redis, engine.keys, lease.run);
  if (!record) return 'left';
  const situation = await understand(engine, lease, speaker, record);
  if (!situation) return 'left';
  if (engine.drained.aborted) return handOver(situation);
  if (record.cancelledBy !== undefined && record.state !== 'undoing') return giveUp(situation, 'cancelled');
  if (!('job' in situation)) return finishUndone(situation);
  switch (record.state) {
    case 'planning':
      return makePlan(situation);
    case 'asking':
      return waitForPeople(situation);
    case 'queued':
    case 'running':
    case 'waiting':
      return carryOut(situation);
    case 'undoing':
      return undo(situation);
    default:
      throw new Error(`Run ${record.id} is ${record.state}, and open all the same.`);
  }
}

/**
 * The run with its job and cluster. What no live worker understands is left to a person, never guessed at: `claim.lua` gives such
 * a run to one that does not only then, or when all that is left is to end it.
 */
async function understand(
  engine: Engine,
  lease: Lease,
  speaker: Speaker,
  record: RunRecord,
): Promise<Situation | JoblessSituation | undefined> {
  const stuck = async (message: string, hint?: string) => {
    await getStuck({ speaker, record }, plainFailure(message, hint));
    return undefined;
  };
  const cluster = engine.tools.clusters.get(record.cluster);
  if (!cluster)
    return stuck(`No cluster is called "${record.cluster}" any more.`, 'Put it back into the config, then retry.');
  const job = engine.jobs.get(record.job);
  if (job?.version !== record.version) {
    if (await isOnlyToEnd(engine, record)) return { engine, lease, speaker, record, cluster };
    if (!job) return stuck(`No worker knows the job "${record.job}".`, 'Update the workers, then retry.');
    const versions = `it was begun by version ${record.version}, and the workers have version ${job.version}`;
    return stuck(
      `"${record.job}" cannot go on: ${versions}.`,
      'Run workers of that version, then retry; or roll back.',
    );
  }
  if (lease.takeovers >= mostTakeovers) {
    const { entries } = await readJournal(engine.redis, engine.keys, record.id);
    const last = [...entries.values()].findLast(({ state }) => state === 'started' || state === 'undoing');
    const where = last ? `at "${last.label}"` : 'before its first step';
    return stuck(`${lease.takeovers} workers died ${where}.`, 'See the logs of the workers before you retry.');
  }
  return { engine, lease, speaker, record, job, cluster };
}

/** Given up before any of its steps began. */
async function isOnlyToEnd(engine: Engine, record: RunRecord): Promise<boolean> {
  if (record.state !== 'undoing' && record.cancelledBy === undefined) return false;
  return (await readJournal(engine.redis, engine.keys, record.id)).entries.size === 0;
}

async function waitForPeople(situation: Situation): Promise<Next> {
  const { lease, speaker, record } = situation;
  if (record.ask?.state !== 'open') throw new Error(`Run ${record.id} is asking without a question.`);
  const leftMs = record.ask.expiresAt - lease.now();
  if (leftMs <= 0) return giveUp(situation, 'expired');
  const parked = await speaker.park('run/ask', { what: '' }, leftMs);
  return nextOf(parked);
}
