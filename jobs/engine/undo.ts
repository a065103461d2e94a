import { ms, spell } from '#base/duration.ts';
import { fullSentence, RemoteError, sentence } from '#base/errors.ts';
import { atSite } from '#base/site.ts';
import { endingFailure, getStuck, patiently } from './ending.ts';
import { pauseLength } from './engine.ts';
import { Drained, Overtime } from './interruptions.ts';
import { type JournalEntry, readJournal } from './journal.ts';
import { takeLocks } from './locks.ts';
import { makeWorld } from './make-world.ts';
import type { Failure } from './record.ts';
import { handOver, type JoblessSituation, type Next, nextOf, type Situation } from './situation.ts';
import type { AnyStep } from './step.ts';

const mostTries = 8;

/** Takes back every step that was begun, the last one first, each written down; then lets go of what the run claimed. */
export async function undo(situation: Situation): Promise<Next> {
  const { engine, lease, record } = situation;
  const known = record.failure ?? endingFailure(record, record.ending ?? 'failed');
  let failure: Failure = { ...known, leftOver: [] };
  const { entries } = await readJournal(engine.redis, engine.keys, lease.run);
  const todo = [...entries.values()].filter(({ state }) => state !== 'undone').reverse();
  // A run that did nothing yet need not wait for its turn to do nothing. One that was kept gave up its locks.
  const waiting = todo.length > 0 ? await takeLocks(situation) : undefined;
  if (waiting) return waiting;
  for (const [at, entry] of todo.entries()) {
    const taken = await takeBack(situation, entry, failure, todo.slice(at));
    if (taken.next) return taken.next;
    failure = taken.failure;
  }
  return finishUndone(situation, failure);
}

/** Nothing of the run is left: what it claimed is let go, and it ends as it was to. */
export async function finishUndone(
  { engine, lease, speaker, record, cluster }: JoblessSituation,
  failure: Failure = endingFailure(record, record.ending ?? 'failed'),
): Promise<Next> {
  await atSite('claims/release', () => patiently(engine, lease, () => cluster.claims.release(lease.run)));
  const ending = record.ending ?? 'failed';
  const set = { failure: JSON.stringify(failure) };
  await speaker.finish('run/finish', { what: ending, state: ending, set, drop: ['waitingFor', 'ending'] });
  return 'left';
}

type Taken = { readonly next: Next } | { readonly next?: undefined; readonly failure: Failure };

async function takeBack(
  situation: Situation,
  entry: JournalEntry,
  failure: Failure,
  left: readonly JournalEntry[],
): Promise<Taken> {
  const { engine, lease, speaker, job, record } = situation;
  const { times } = engine;
  const step = job.steps.find(({ name }) => name === entry.id.split('#', 1)[0]);
  const giveUp = async (why: string): Promise<Taken> => {
    const leftOver = [`"${entry.label}" could not be taken back: ${why}`, ...notYet(situation, left.slice(1))];
    return { next: await getStuck({ speaker, record }, { ...failure, leftOver }) };
  };
  if (!step) return giveUp(`the job "${job.name}" has no step "${entry.id}" any more.`);
  if (!step.undo) return { failure: await undone(situation, entry, failure) };

  const intent = entry.state === 'undoing' ? {} : { state: 'undoing', tries: '' };
  await speaker.commit(`${entry.id}/undo intent`, { what: 'step undoing', step: { id: entry.id, set: intent } });
  for (let tries = entry.state === 'undoing' ? entry.tries + 1 : 1; ; tries++) {
    let why: unknown;
    try {
      const did = await undoOnce(situation, step, entry);
      return { failure: await undone(situation, entry, withSentence(failure, step, entry, did)) };
    } catch (error) {
      lease.lost.throwIfAborted();
      if (engine.drained.aborted) return { next: await handOver(situation) };
      why = error;
    }
    const passes = (why instanceof RemoteError && why.outcome !== 'permanent') || why instanceof Overtime;
    if (!passes || tries >= mostTries) return giveUp(withWayOut(why));
    const waitMs = pauseLength(times, tries);
    speaker.say('note', entry.id, `${fullSentence(why)} Trying again to take it back in ${spell(waitMs)}.`);
    const set = { tries: String(tries) };
    await speaker.commit(`${entry.id}/undo pause`, { what: 'undo paused', step: { id: entry.id, set } });
    if (waitMs > times.inProcess) {
      const patch = { what: 'waiting', set: { waitingFor: sentence(why).toWellFormed() } };
      const parked = await speaker.park('run/park', patch, waitMs);
      return { next: nextOf(parked) };
    }
    // The drain's signal ends the wait; the next try finds it aborted.
    await engine.tools.clock.sleep(waitMs, AbortSignal.any([lease.lost, engine.drained])).catch(() => undefined);
  }
}

/** What went wrong, and what a person can do about it. */
function withWayOut(why: unknown): string {
  const hint = why instanceof RemoteError ? why.hint : undefined;
  return hint === undefined ? fullSentence(why) : `${fullSentence(why)} ${hint}`;
}

type Undone = boolean | { readonly stays: string };

/** Whether there was anything to take back, and what of it stays. */
async function undoOnce(situation: Situation, step: AnyStep, entry: JournalEntry): Promise<Undone> {
  const { engine, lease } = situation;
  const overtime = new AbortController();
  const label = `Taking back "${entry.label}" took longer than ${step.timeout}.`;
  const timer = setTimeout(() => overtime.abort(new Overtime(label)), ms(step.timeout));
  const signal = AbortSignal.any([lease.lost, engine.drained, overtime.signal]);
  try {
    return await atSite(`${entry.id}/undo`, async () => {
      lease.ensure();
      if (signal.aborted) throw new Drained('This worker shuts down.');
      const world = makeWorld(situation, entry, signal);
      return world.heed(step.undo?.(world, entry.input) ?? Promise.resolve(false));
    });
  } catch (error) {
    throw overtime.signal.aborted ? overtime.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

async function undone({ speaker }: Situation, entry: JournalEntry, failure: Failure): Promise<Failure> {
  await speaker.commit(`${entry.id}/undone`, {
    what: 'step undone',
    step: { id: entry.id, set: { state: 'undone', tries: '' }, stamp: ['endedAt'] },
    set: { failure: JSON.stringify(failure) },
    drop: ['waitingFor'],
    progress: true,
  });
  return failure;
}

function withSentence(failure: Failure, step: AnyStep, entry: JournalEntry, did: Undone): Failure {
  if (did === false) return failure;
  if (did !== true) return { ...failure, stays: [...(failure.stays ?? []), did.stays] };
  const sentenceOf = step.undone?.(entry.input) ?? `took back "${entry.label}"`;
  return { ...failure, takenBack: [...failure.takenBack, sentenceOf] };
}

function notYet({ job }: Situation, entries: readonly JournalEntry[]): string[] {
  const undoable = entries.filter(({ id }) => job.steps.find(({ name }) => name === id.split('#', 1)[0])?.undo);
  return undoable.map(({ label }) => `"${label}" was not taken back yet.`);
}
