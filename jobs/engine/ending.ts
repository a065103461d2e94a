import { atSite } from '#base/site.ts';
import { failureOf, plainFailure } from './failure.ts';
import { readJournal } from './journal.ts';
import type { Failure, RunRecord } from './record.ts';
import type { JoblessSituation, Next, Situation } from './situation.ts';

/** Everything went well: the claims are settled, the locks and slots given up. The result was committed before. */
export async function finishDone({ engine, lease, speaker, cluster }: Situation): Promise<Next> {
  await atSite('claims/settle', () => patiently(engine, lease, () => cluster.claims.settle(lease.run)));
  await speaker.finish('run/finish', { what: 'finished', state: 'done', drop: ['waitingFor'] });
  return 'left';
}

/** Nothing was done yet, and nothing will be: `refused` when the person can put it right, `failed` when they can't. */
export async function finishRefused(
  { engine, lease, speaker, cluster }: Situation,
  error: unknown,
  state: 'refused' | 'failed',
): Promise<Next> {
  await atSite('claims/release', () => patiently(engine, lease, () => cluster.claims.release(lease.run)));
  await speaker.finish('run/finish', {
    what: state,
    state,
    set: { failure: JSON.stringify(failureOf(error, undefined)) },
    drop: ['waitingFor', 'replan'],
  });
  return 'left';
}

/** From here on the run goes backwards, or stays as it is when somebody asked to keep what it made, which may have been a moment ago. */
export async function giveUp(
  { engine, lease, speaker, record }: JoblessSituation,
  ending: NonNullable<RunRecord['ending']>,
  failure: Failure = endingFailure(record, ending),
): Promise<Next> {
  const { entries } = await readJournal(engine.redis, engine.keys, lease.run);
  const made = [...entries.values()].some(({ state }) => state !== 'undone');
  const asked = record.ask?.state === 'open' ? { 'ask.state': ending === 'expired' ? 'expired' : 'withdrawn' } : {};
  const set = { ending, failure: JSON.stringify(failure), ...asked };
  const drop = ['waitingFor', 'result', 'replan'];
  const state = await speaker.giveUp('run/undoing', { what: '', set, drop, progress: true }, made);
  return state === 'kept' ? 'left' : 'again';
}

/** Only a person can go on. What the run holds stays its own; `resume` is the state in which it goes on. */
export async function getStuck(
  { speaker, record }: Pick<Situation, 'speaker' | 'record'>,
  failure: Failure,
): Promise<Next> {
  const resume = record.state === 'undoing' || record.state === 'planning' ? record.state : 'queued';
  await speaker.finish('run/finish', {
    what: 'stuck',
    state: 'stuck',
    set: { resume, failure: JSON.stringify(failure) },
    drop: ['waitingFor'],
  });
  return 'left';
}

/** Why a run ends that nobody's error ends. */
export function endingFailure(record: RunRecord, ending: NonNullable<RunRecord['ending']>): Failure {
  if (ending === 'cancelled') return plainFailure(`${record.cancelledBy ?? 'Somebody'} cancelled it.`);
  if (ending === 'expired') return plainFailure('Nobody decided in time.', 'Ask again.');
  if (ending === 'failed') return plainFailure('It was rolled back.');
  const no = record.ask?.votes.findLast(({ yes }) => !yes);
  return plainFailure(no?.key === record.by.key ? `${no.name} withdrew it.` : `${no?.name ?? 'Somebody'} said no.`);
}

/** Claims are kept in Redis too: an outage there is waited out for as long as the lease lasts. */
export async function patiently<T>(
  engine: Situation['engine'],
  lease: Situation['lease'],
  act: () => Promise<T>,
): Promise<T> {
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 1000)) {
    lease.ensure();
    try {
      return await act();
    } catch (error) {
      engine.log.warn({ run: lease.run, err: error }, 'claims not changed yet');
      await engine.tools.clock.sleep(waitMs, lease.lost);
    }
  }
}
