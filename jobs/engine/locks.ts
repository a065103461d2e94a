import { RemoteError } from '#base/errors.ts';
import type { AnyJob } from './job.ts';
import { lockPlaces } from './places.ts';
import { readRun } from './read-run.ts';
import type { RunRecord } from './record.ts';
import { call } from './scripts.ts';
import { type Next, nextOf, type Situation } from './situation.ts';

/** Takes the job's locks, all or none. Answers what to do instead when other runs hold them; `undefined` when they are ours. */
export async function takeLocks(situation: Situation): Promise<Next | undefined> {
  const { engine, speaker, record, job } = situation;
  if (record.plan === undefined) return undefined;
  const places = lockPlaces(locksOf(job, record));
  if (places.length === 0) return undefined;
  const turn = await speaker.take('run/locks', places);
  if (turn.taken) return undefined;
  if (turn.holder) await endHolder(situation, turn.holder);
  // The run that it waits for may change what the plan rests on; what was begun goes on by its plan.
  const fresh = record.startedAt === undefined && record.state !== 'undoing';
  const waitingFor = `${turn.place}, which ${turn.holder || 'another run'} is at work on`;
  const set = { waitingFor, ...(fresh ? { replan: '1' } : {}) };
  const state = record.state === 'undoing' ? 'undoing' : 'waiting';
  const parked = await speaker.park('run/park', { what: 'waiting', state, set }, engine.times.turn);
  return nextOf(parked);
}

/** Gives the run the lock `to` instead of `from`, for as long as it goes on: what it took for its plan is about something else now. */
export async function moveLock(situation: Situation, step: string, from: string, to: string): Promise<void> {
  const { engine, lease, speaker, job } = situation;
  // Not what this look began with: a lock may have moved since.
  const record = (await readRun(engine.redis, engine.keys, lease.run)) ?? situation.record;
  const [old, wanted] = [from, to].map((name) => inCluster(name, record.cluster)) as [string, string];
  const turn = await speaker.take(`${step}/lock`, lockPlaces([wanted]));
  if (!turn.taken) {
    throw new RemoteError('Botswain', `${turn.holder || 'another run'} is at work on ${turn.place}`, {
      outcome: 'passing',
    });
  }
  const locks = [...locksOf(job, record).filter((name) => name !== old), wanted];
  const patch = { what: 'lock moved', set: { locks: JSON.stringify(locks) } };
  await speaker.commit(`${step}/lock moved`, patch, lockPlaces([old])[0]?.name);
}

function locksOf(job: AnyJob, { locks, plan, cluster }: RunRecord): readonly string[] {
  return locks ?? (job.locks?.(plan) ?? []).map((name: string) => inCluster(name, cluster));
}

/** Cancels the run that has the lock, when it is one that this run is meant to end. */
async function endHolder({ engine, record, job, speaker }: Situation, holder: string): Promise<void> {
  const { redis, keys } = engine;
  const other = await readRun(redis, keys, holder);
  if (!other || !job.ends?.(record.plan, other)) return;
  const [verdict, ...woken] = await call(redis, 'cancel', keys.of(holder), [record.by.key, record.by.name]);
  if (verdict !== 'cancelling') return;
  speaker.say('note', '', `The job ${holder} (${other.job}) was stopped for this one.`);
  for (const run of woken) await engine.ring(run);
  // Only a hint: its worker hears of it at the next renewal of its lease anyway.
  await redis.publish(keys.hints, holder).catch(() => 0);
}

/**
 * `vm:lab:105` from `vm:105`: two clusters may have a VM 105 each. Runs of a version that did not do so yet hold `vm:105`, and take the new name too when a
 * worker of this version looks at them; the end gives up both. Until then they do not wait for newer runs, and Proxmox' own lock on the VM is all there is.
 */
function inCluster(name: string, cluster: string): string {
  const [kind, ...which] = name.split(':');
  return [kind, cluster, ...which].join(':');
}
