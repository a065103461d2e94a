import { lockPlaces } from './places.ts';
import { type Next, nextOf, type Situation } from './situation.ts';

/** Takes the job's locks, all or none. Answers what to do instead when other runs hold them; `undefined` when they are ours. */
export async function takeLocks(situation: Situation): Promise<Next | undefined> {
  const { engine, speaker, record, job } = situation;
  if (record.plan === undefined) return undefined;
  const places = lockPlaces((job.locks?.(record.plan) ?? []).map((name) => inCluster(name, record.cluster)));
  if (places.length === 0) return undefined;
  const turn = await speaker.take('run/locks', places);
  if (turn.taken) return undefined;
  // The run that it waits for may change what the plan rests on; what was begun goes on by its plan.
  const fresh = record.startedAt === undefined && record.state !== 'undoing';
  const waitingFor = `${turn.place}, which ${turn.holder || 'another run'} is at work on`;
  const set = { waitingFor, ...(fresh ? { replan: '1' } : {}) };
  const state = record.state === 'undoing' ? 'undoing' : 'waiting';
  const parked = await speaker.park('run/park', { what: 'waiting', state, set }, engine.times.turn);
  return nextOf(parked);
}

/**
 * `vm:lab:105` from `vm:105`: two clusters may have a VM 105 each. Runs of a version that did not do so yet hold `vm:105`, and take the new name too when a
 * worker of this version looks at them; the end gives up both. Until then they do not wait for newer runs, and Proxmox' own lock on the VM is all there is.
 */
function inCluster(name: string, cluster: string): string {
  const [kind, ...which] = name.split(':');
  return [kind, cluster, ...which].join(':');
}
