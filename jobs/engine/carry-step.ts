import { sentence } from '#base/errors.ts';
import type { Json } from '#base/json.ts';
import { canonical } from './canonical.ts';
import type { Execution } from './execution.ts';
import { Cancelled, Drained, Halted, Lost } from './interruptions.ts';
import type { JournalEntry } from './journal.ts';
import { makeWorld } from './make-world.ts';
import { placeName, slotPlace } from './places.ts';
import type { AnyStep, Slot, Step } from './step.ts';
import { tryUntilDone } from './tries.ts';

/**
 * One step of a run: answered from the journal when it was done, otherwise intent, effect, result, each written down before the next.
 * Rejects only when the step failed for good.
 */
export function carryStep<Input extends Json, Output extends Json>(
  execution: Execution,
  step: Step<Input, Output>,
  input: Input,
  key: string | undefined,
): Promise<Output> {
  const label = step.label(input);
  const work = execution.during(label, async () => {
    try {
      return (await carry(execution, step, input, label, key)) as Output;
    } catch (error) {
      if (isInterruption(error)) return execution.pause();
      throw error;
    }
  });
  // A job that does not wait for its step must not end the process when the step fails.
  work.catch(() => undefined);
  return work;
}

async function carry(
  execution: Execution,
  step: AnyStep,
  input: Json,
  label: string,
  key: string | undefined,
): Promise<Json> {
  const { situation, journal } = execution;
  const { speaker } = situation;
  const id = key === undefined ? step.name : `${step.name}#${key}`;
  const earlier = journal.entries.get(id);
  checkUse(execution, step, id, input, earlier);
  if (earlier?.state === 'done') return earlier.output ?? null;
  if (execution.signal.aborted) return execution.pause();

  const place = await takeSlot(execution, step, input, id, earlier);
  const entry = await begin(execution, id, input, label, earlier);
  let output: Json;
  try {
    output = await tryUntilDone(execution, step, entry);
  } catch (error) {
    if (isInterruption(error)) throw error;
    const set = { state: 'failed', error: sentence(error).toWellFormed() };
    const patch = { what: 'step failed', step: { id, set, stamp: ['endedAt'] }, progress: true };
    await speaker.commit(`${id}/failed`, patch, place?.name);
    throw error;
  }
  const text = JSON.stringify(output ?? null);
  const patch = { what: 'step done', step: { id, set: { state: 'done', output: text }, stamp: ['endedAt'] } };
  await speaker.commit(`${id}/result`, { ...patch, progress: true }, place?.name);
  // What a replay will answer, to the letter.
  return JSON.parse(text) as Json;
}

function checkUse(
  { situation, met }: Execution,
  step: AnyStep,
  id: string,
  input: Json,
  earlier: JournalEntry | undefined,
): void {
  const { job } = situation;
  if (!job.steps.some(({ name }) => name === step.name)) {
    throw new Error(`The job "${job.name}" uses the step "${step.name}" and does not list it.`);
  }
  if (met.has(id)) throw new Error(`The step "${id}" is used twice in one run; give each use a key.`);
  met.add(id);
  if (earlier && earlier.state !== 'undone' && canonical(earlier.input) !== canonical(input)) {
    throw new Error(`The step "${id}" was begun with another input.`);
  }
}

async function takeSlot(
  execution: Execution,
  step: AnyStep,
  input: Json,
  id: string,
  earlier: JournalEntry | undefined,
): Promise<Slot | undefined> {
  const { engine, speaker } = execution.situation;
  const world = makeWorld(execution.situation, { id, saved: undefined }, execution.signal);
  const wanted = step.slot?.(world, input);
  if (!wanted) return undefined;
  const place = slotPlace(wanted);
  const turn = await speaker.take(`${id}/slot`, [place]);
  if (turn.taken) return place;
  const waitingFor = `a place for ${placeName(place.name)} (position ${turn.position})`;
  if (!earlier) speaker.say('note', id, `Waiting for ${waitingFor}.`);
  return execution.pause({ kind: 'wait', waitMs: engine.times.turn, waitingFor });
}

/** Writes down that the step is about to be tried; answers its line of the journal as it is then. */
async function begin(
  { situation }: Execution,
  id: string,
  input: Json,
  label: string,
  earlier: JournalEntry | undefined,
): Promise<JournalEntry & { readonly again: boolean }> {
  const { lease, speaker } = situation;
  const attempts = String((earlier?.attempts ?? 0) + 1);
  if (earlier?.state === 'started') {
    // After a death its time begins anew: nobody was there to use it up.
    const stamp = lease.tookOver ? ['countedFrom'] : [];
    const step = { id, set: { attempts }, stamp };
    await speaker.commit(`${id}/intent`, { what: 'step taken up', step });
    return { ...earlier, countedFrom: lease.tookOver ? lease.now() : earlier.countedFrom, again: true };
  }
  // A step that was taken back begins as if it were new, at its new place in the order.
  const order = earlier?.state === 'undone' ? { n: '0' } : {};
  const now = lease.now();
  const set = { ...order, state: 'started', label, input: JSON.stringify(input), attempts, ...cleared };
  await speaker.commit(`${id}/intent`, {
    what: 'step started',
    step: { id, set, stamp: ['startedAt', 'countedFrom'] },
    detail: { label },
    progress: true,
  });
  const fresh = {
    id,
    label,
    state: 'started',
    attempts: Number(attempts),
    startedAt: now,
    endedAt: undefined,
  } as const;
  const empty = { saved: undefined, output: undefined, error: undefined, tries: 0 };
  return { ...fresh, ...empty, input, countedFrom: now, again: earlier?.state === 'failed' };
}

const cleared = { saved: '', output: '', error: '', tries: '', endedAt: '' };

function isInterruption(error: unknown): boolean {
  return error instanceof Lost || error instanceof Cancelled || error instanceof Drained || error instanceof Halted;
}
