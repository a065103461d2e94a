import { ms, spell } from '#base/duration.ts';
import { fullSentence, RemoteError, UserError } from '#base/errors.ts';
import type { Json } from '#base/json.ts';
import { atSite } from '#base/site.ts';
import { pauseLength } from './engine.ts';
import type { Execution } from './execution.ts';
import { Overtime } from './interruptions.ts';
import type { JournalEntry } from './journal.ts';
import { makeWorld, type StepWorld } from './make-world.ts';
import type { AnyStep } from './step.ts';

const leastMs = 60_000;

/** Tries a step until it answers, fails for good, or its time is over. `again`: somebody may have tried it before. */
export async function tryUntilDone(
  execution: Execution,
  step: AnyStep,
  entry: JournalEntry & { readonly again: boolean },
): Promise<Json> {
  const { situation } = execution;
  const { engine, lease, speaker } = situation;
  const limitMs = ms(step.timeout);
  let mayBeDone = entry.again;
  let saved = entry.saved;
  let trouble: RemoteError | undefined;
  for (let tries = entry.tries + 1; ; tries++) {
    // Whoever takes a step up may look at least once: nobody may have been there while its time went by.
    const least = trouble ? 0 : Math.min(limitMs, leastMs);
    const leftMs = Math.max(entry.countedFrom + limitMs - lease.now(), least);
    if (leftMs <= 0) throw tooLong(entry.label, limitMs, trouble);
    const overtime = new AbortController();
    const timer = setTimeout(() => overtime.abort(new Overtime(`"${entry.label}" took too long.`)), leftMs);
    const signal = AbortSignal.any([execution.signal, overtime.signal]);
    const world = makeWorld(situation, { id: entry.id, saved }, signal);
    try {
      return await tryOnce(execution, step, entry, world, mayBeDone);
    } catch (error) {
      if (execution.signal.aborted) return execution.pause();
      if (error instanceof UserError) throw error;
      if (overtime.signal.aborted) throw tooLong(entry.label, limitMs, error instanceof RemoteError ? error : trouble);
      if (!(error instanceof RemoteError) || error.outcome === 'permanent') throw error;
      trouble = error;
    } finally {
      clearTimeout(timer);
    }

    saved = world.saved;
    mayBeDone ||= trouble.outcome === 'unknown' || saved !== undefined;
    const restMs = entry.countedFrom + limitMs - lease.now();
    if (restMs < engine.times.firstPause) throw tooLong(entry.label, limitMs, trouble);
    const waitMs = Math.min(pauseLength(engine.times, tries), restMs / 2);
    speaker.say('note', entry.id, whatNext(trouble, waitMs));
    if (waitMs > engine.times.inProcess) {
      const patch = { what: 'step paused', step: { id: entry.id, set: { tries: String(tries) } } };
      await speaker.commit(`${entry.id}/pause`, patch);
      return execution.pause({ kind: 'wait', waitMs, waitingFor: `${trouble.system} (${trouble.message})` });
    }
    await engine.tools.clock.sleep(waitMs, execution.signal);
  }
}

async function tryOnce(
  { situation }: Execution,
  step: AnyStep,
  entry: JournalEntry,
  world: StepWorld,
  mayBeDone: boolean,
): Promise<Json> {
  const { lease } = situation;
  lease.ensure();
  if (mayBeDone && step.repeat === 'look first') {
    const find = () => world.heed(step.find(world, entry.input));
    const found = await atSite(`${entry.id}/find`, find);
    if (found !== undefined) return found;
  }
  const run = () => {
    lease.ensure();
    world.signal.throwIfAborted();
    return world.heed(step.run(world, entry.input));
  };
  return atSite(`${entry.id}/effect`, run);
}

function whatNext(trouble: RemoteError, waitMs: number): string {
  const next = trouble.outcome === 'unknown' ? 'Looking what became of it' : 'Trying again';
  return `${fullSentence(trouble)} ${next} in ${spell(waitMs)}.`;
}

function tooLong(label: string, limitMs: number, trouble: RemoteError | undefined): UserError {
  const last = trouble ? ` The last trouble was: ${fullSentence(trouble)}` : '';
  return new UserError(`"${label}" was not done within ${spell(limitMs)}.${last}`, {
    ...(trouble?.hint === undefined ? {} : { hint: trouble.hint }),
    cause: trouble,
  });
}
