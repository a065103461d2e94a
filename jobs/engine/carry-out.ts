import type { Json } from '#base/json.ts';
import { askFields } from './asking.ts';
import { carryStep } from './carry-step.ts';
import { finishDone, giveUp } from './ending.ts';
import { type Execution, openExecution } from './execution.ts';
import { failureOf } from './failure.ts';
import { Cancelled, Drained, Lost } from './interruptions.ts';
import { readJournal } from './journal.ts';
import { takeLocks } from './locks.ts';
import { confirmPlan } from './planning.ts';
import type { Run } from './run.ts';
import { handOver, type Next, nextOf, type Situation } from './situation.ts';

/**
 * Carries out the job's `run`: steps that are in the journal answer at once, the next one goes on where it stopped. Ends when the job has, when
 * a step failed for good, or when all that is left is waiting.
 */
export async function carryOut(situation: Situation): Promise<Next> {
  const { engine, lease, speaker, record } = situation;
  if (record.result !== undefined) return finishDone(situation);
  const waiting = await takeLocks(situation);
  if (waiting) return waiting;
  if (record.replan) return confirmPlan(situation);
  if (record.state !== 'running') {
    const stamp = record.startedAt === undefined ? ['startedAt'] : [];
    await speaker.commit('run/started', { what: 'running', state: 'running', stamp, drop: ['waitingFor'] });
  }

  const journal = await readJournal(engine.redis, engine.keys, lease.run);
  const execution = openExecution(situation, journal);
  const run: Run = {
    id: lease.run,
    step: (step, input, key) => carryStep(execution, step, input, key),
    ask: (question) =>
      execution.during(question.title, async () => {
        if (!journal.approved.has(question.key)) await execution.pause({ kind: 'ask', question });
      }),
  };
  const outcome = await Promise.race([runJob(situation, run), execution.stopped]);
  await execution.close();

  lease.lost.throwIfAborted();
  if (outcome.kind === 'done') return keepResult(situation, outcome.result);
  if (lease.cancelled.aborted) return 'again';
  if (outcome.kind === 'failed') {
    const { error } = outcome;
    const step = execution.failedStep(error);
    if (step === undefined) engine.log.error({ run: lease.run, err: error }, 'job failed outside of its steps');
    return giveUp(situation, 'failed', failureOf(error, step));
  }
  return outcome.reason === undefined ? park(situation, execution.wants) : stopFor(situation, outcome.reason);
}

async function runJob({ job, record }: Situation, run: Run): Promise<JobEnd> {
  try {
    return { kind: 'done', result: (await job.run(run, record.plan)) ?? null };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

type JobEnd = { readonly kind: 'done'; readonly result: Json } | { readonly kind: 'failed'; readonly error: unknown };

/** From this commit on it is too late to cancel. */
async function keepResult(situation: Situation, result: Json): Promise<Next> {
  const { lease, speaker } = situation;
  await speaker.commit('run/result', { what: 'result', set: { result: JSON.stringify(result) }, progress: true });
  await lease.renew();
  return lease.cancelled.aborted ? giveUp(situation, 'cancelled') : finishDone(situation);
}

async function stopFor(situation: Situation, reason: unknown): Promise<Next> {
  if (reason instanceof Lost) throw reason;
  if (reason instanceof Drained) return handOver(situation);
  // The next look sees who did it.
  if (reason instanceof Cancelled) return 'again';
  throw reason;
}

/** All that is left to do waits for something. People are asked last: a run that waits for them must not stand in a queue for a slot. */
async function park({ speaker, record }: Situation, wants: Execution['wants']): Promise<Next> {
  const waits = wants.filter((want) => want.kind === 'wait').sort((a, b) => a.waitMs - b.waitMs);
  const [soonest] = waits;
  if (soonest) {
    const patch = { what: 'waiting', state: 'waiting', set: { waitingFor: soonest.waitingFor } } as const;
    return nextOf(await speaker.park('run/park', patch, soonest.waitMs));
  }
  const ask = wants.find((want) => want.kind === 'ask');
  if (!ask) throw new Error('A run parks without waiting for anything.');
  const set = askFields(ask.question, record.ask);
  const patch = { what: 'asking', state: 'asking', set, progress: true } as const;
  return nextOf(await speaker.park('run/ask', patch, ask.question.rule.expiresMs, 'ask.expiresAt'));
}
