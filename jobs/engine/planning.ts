import { z } from 'zod';
import { plain } from '#base/card.ts';
import { spell } from '#base/duration.ts';
import { fullSentence, RemoteError, UserError } from '#base/errors.ts';
import type { Json } from '#base/json.ts';
import { atSite } from '#base/site.ts';
import { askFields } from './asking.ts';
import { hashOf } from './canonical.ts';
import { finishRefused } from './ending.ts';
import { pauseLength } from './engine.ts';
import { heed } from './heed.ts';
import { Cancelled, Drained, Lost } from './interruptions.ts';
import type { PlanView } from './job.ts';
import { everyPlace } from './places.ts';
import { handOver, type Next, nextOf, type Situation } from './situation.ts';
import type { Look } from './world.ts';

/** The key of the question whether a plan may be carried out. */
const planQuestion = 'plan';

/** Plans a run for the first time; then people are asked, or it may start. */
export async function makePlan(situation: Situation): Promise<Next> {
  const { speaker, record } = situation;
  const decided = await decide(situation);
  if ('next' in decided) return decided.next;
  if (!record.approval) {
    await speaker.commit('run/planned', { what: 'planned', state: 'queued', set: decided.fields, progress: true });
    return 'again';
  }
  return putToPeople(situation, decided.fields);
}

/**
 * Plans a run again that was approved, or that waited for its locks, once it has them: what was true before may not be now. Only what people saw is carried
 * out, so a plan that was approved and changed is put to them anew; one that needed no approval is replaced.
 */
export async function confirmPlan(situation: Situation): Promise<Next> {
  const { speaker, record } = situation;
  const decided = await decide(situation);
  if ('next' in decided) return decided.next;
  if (decided.fields.planHash === record.planHash) {
    await speaker.commit('run/confirmed', { what: 'plan confirmed', drop: ['replan'], progress: true });
    return 'again';
  }
  if (record.approval) {
    // Nobody may wait for as long as people take.
    await speaker.commit('run/confirmed', { what: 'plan changed', progress: true }, everyPlace);
    return putToPeople(situation, decided.fields, 'The plan changed since it was approved.');
  }
  speaker.say('note', '', 'While this waited, things changed: the plan was made anew.');
  const patch = { what: 'planned', state: 'queued', set: decided.fields, drop: ['replan', 'waitingFor'] } as const;
  await speaker.commit('run/confirmed', { ...patch, progress: true }, everyPlace);
  return 'again';
}

async function putToPeople({ speaker, record }: Situation, plan: PlanFields, note?: string): Promise<Next> {
  if (!record.approval) throw new Error(`Run ${record.id} needs no approval.`);
  const view = JSON.parse(plan.view) as PlanView;
  const question = { key: planQuestion, title: plain(view.title), rule: record.approval };
  const parked = await speaker.park(
    'run/ask',
    {
      what: 'asking',
      state: 'asking',
      set: { ...plan, ...askFields(question, record.ask, note), replan: '1' },
      progress: true,
    },
    record.approval.expiresMs,
    'ask.expiresAt',
  );
  return nextOf(parked);
}

interface PlanFields extends Record<string, string> {
  readonly plan: string;
  readonly planHash: string;
  readonly view: string;
}

/** The plan, or what became of the run when there is none. Trouble that passes is waited out for a while. */
async function decide(situation: Situation): Promise<{ fields: PlanFields } | { next: Next }> {
  const { engine, lease, speaker, job } = situation;
  const { times, tools } = engine;
  const since = performance.now();
  const signal = AbortSignal.any([lease.lost, lease.cancelled, engine.drained]);
  for (let tries = 1; ; tries++) {
    try {
      lease.ensure();
      const plan: Json = await atSite('run/plan', () => planOnce(situation, signal));
      lease.ensure();
      const view = JSON.stringify(job.describe(plan));
      return { fields: { plan: JSON.stringify(plan), planHash: hashOf(plan), view } };
    } catch (error) {
      if (signal.aborted) return { next: await interrupted(situation, signal.reason) };
      if (error instanceof UserError) return { next: await finishRefused(situation, error, 'refused') };
      const passing = error instanceof RemoteError && error.outcome !== 'permanent';
      const waitMs = pauseLength(times, tries);
      if (!passing || performance.now() - since + waitMs > times.planning) {
        if (!(error instanceof RemoteError)) engine.log.error({ run: lease.run, err: error }, 'planning failed');
        return { next: await finishRefused(situation, error, 'failed') };
      }
      speaker.say('note', '', `${fullSentence(error)} Trying again in ${spell(waitMs)}.`);
      // The signal ends this wait too; then the next try finds it aborted.
      await tools.clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }
}

async function planOnce({ engine, lease, record, job, cluster }: Situation, signal: AbortSignal): Promise<Json> {
  signal.throwIfAborted();
  const { settings, fetchText, runs } = engine.tools;
  const parsed = job.input.safeParse(record.input);
  if (!parsed.success) throw new UserError(`This cannot be asked for. ${z.prettifyError(parsed.error)}`);
  const { by, text } = record;
  const look: Look = { runId: lease.run, cluster, dry: false, settings, fetchText, runs, signal, by, text };
  return heed(job.plan(look, parsed.data), signal, engine.times.grace);
}

async function interrupted(situation: Situation, reason: unknown): Promise<Next> {
  if (reason instanceof Lost) throw reason;
  if (reason instanceof Drained) return handOver(situation);
  // Cancelled: the next look sees who did it.
  if (reason instanceof Cancelled) return 'again';
  throw reason;
}
