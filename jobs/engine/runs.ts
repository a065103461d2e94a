import type { Redis } from 'ioredis';
import type { Log } from '#base/log.ts';
import { atSite } from '#base/site.ts';
import { openDoorbell } from './doorbell.ts';
import { readJournal } from './journal.ts';
import { makeKeys } from './keys.ts';
import { countRuns, listOpenAsks, listRuns, type RunList, type RunPage } from './list.ts';
import { type LogLine, readLog } from './log-lines.ts';
import { readRun } from './read-run.ts';
import type { Requester, RunRecord, RunState, StepRecord } from './record.ts';
import { gated } from './redis.ts';
import type { ApprovalRule } from './run.ts';
import { call, type ScriptName } from './scripts.ts';
import { makeRunId, type Order, orderFields } from './submit.ts';
import type { Decision, Verdict, Vote, Voter } from './vote.ts';

/**
 * Runs as the gateway sees them. Every call answers or rejects within about two seconds: with a `RemoteError` that is `passing` when
 * nothing was started, and `unknown` when the answer was lost; then asking again with the same key is safe.
 */
export interface Runs {
  /** A new run; the same key always answers the same run. */
  submit(order: Omit<Order, 'mostWaiting'>): Promise<Submitted>;
  /** With {@link Order.mostWaiting} the answer may be how many wait, and then there is no run. */
  submit(order: Order): Promise<Submitted | { readonly waiting: number }>;
  read(id: string): Promise<RunRecord | undefined>;
  /** The run's journal, in the order in which the steps began. */
  steps(id: string): Promise<StepRecord[]>;
  /** The run's thread: the newest 500 lines, or the first 500 after the line with this id. */
  log(id: string, after?: string): Promise<LogLine[]>;
  list(wanted: RunList): Promise<RunPage>;
  /** The open questions, the newest first; with `person`, those that the person may decide. */
  openAsks(person?: Voter): Promise<RunRecord[]>;
  counts(): Promise<Record<RunState, number>>;
  vote(vote: Vote): Promise<Decision>;
  /** Stops the run; what it did is taken back, or kept when that was asked for. Answers `ok`, or a sentence that says why not. */
  cancel(id: string, by: Requester): Promise<string>;
  /**
   * Goes on with a failed, cancelled, expired, kept or stuck run: from the start when everything was taken back, otherwise where it stopped. `ok`, or why not. One that starts anew asks as
   * `approval` says, or as it did before. Whoever goes on with it has asked for it as well.
   */
  retry(id: string, by: Requester, approval?: ApprovalRule | 'none'): Promise<string>;
  /** Takes back what a kept or stuck run made. `ok`, or why not. */
  rollBack(id: string, by: Requester): Promise<string>;
  /** Leaves what the run made when it fails or is cancelled, or what it left already. `ok`, or why not. */
  keep(id: string, by: Requester): Promise<string>;
}

interface Submitted {
  readonly id: string;
  readonly duplicate: boolean;
}

const rememberRequestMs = 7 * 24 * 3_600_000;

/** `redis` is a connection of the `asking` kind, and stays the caller's. */
export function openRuns({ redis, prefix, log }: { redis: Redis; prefix: string; log?: Log }): Runs {
  const keys = makeKeys(prefix);
  const doorbell = openDoorbell(redis, keys, log);

  const change = (name: ScriptName, id: string, args: readonly (string | number)[], more: readonly string[] = []) =>
    gated(redis, () => atSite(`runs ${name}`, () => call(redis, name, [...keys.of(id), ...more], args)));

  /** Rings for the runs that should be looked at, and tells the worker that may hold this one. */
  async function tell(id: string, woken: readonly string[]): Promise<void> {
    for (const run of woken) await doorbell.ring(run);
    // Only a hint: the worker hears of it at the next renewal of its lease anyway.
    if (woken.length > 0) await redis.publish(keys.hints, id).catch(() => 0);
  }

  async function ask(name: 'cancel' | 'reopen' | 'keep', id: string, args: readonly string[]): Promise<string> {
    const [verdict = '', ...woken] = await change(name, id, args);
    await tell(id, woken);
    return refusals[verdict]?.replace('{run}', id) ?? 'ok';
  }

  return {
    submit: (async (order: Order) => {
      const fields = Object.entries(orderFields(order)).flat();
      for (;;) {
        const id = makeRunId();
        const args = [
          id,
          rememberRequestMs,
          encodeURIComponent(order.by.key),
          order.by.key,
          order.mostWaiting ?? 0,
          ...fields,
        ];
        const [verdict, known] = await change('submit', id, args, [keys.request(order.key)]);
        if (verdict === 'duplicate' && known) return { id: known, duplicate: true };
        if (verdict === 'full') return { waiting: Number(known) };
        // Otherwise the id belongs to another run.
        if (verdict !== 'new') continue;
        await doorbell.ring(id);
        return { id, duplicate: false };
      }
    }) as Runs['submit'],
    read: (id) => gated(redis, () => readRun(redis, keys, id)),
    steps: async (id) => [...(await gated(redis, () => readJournal(redis, keys, id))).entries.values()],
    log: (id, after) => gated(redis, () => readLog(redis, keys.log(id), after)),
    list: (wanted) => gated(redis, () => listRuns(redis, keys, wanted)),
    openAsks: (person) => gated(redis, () => listOpenAsks(redis, keys, person)),
    counts: () => gated(redis, () => countRuns(redis, keys)),
    async vote({ run, delivery, revision, yes, by, reason = '', gone = [] }) {
      const groups = JSON.stringify(by.groups);
      const args = [delivery, revision, by.key, by.name, yes ? '1' : '0', groups, reason, JSON.stringify(gone)];
      const [verdict, decidedBy, ...woken] = await change('vote', run, args);
      await tell(run, woken);
      return { verdict: verdict as Verdict, decidedBy: decidedBy || undefined };
    },
    cancel: (id, by) => ask('cancel', id, [by.key, by.name]),
    retry: (id, by, approval) => {
      const rule = typeof approval === 'object' ? JSON.stringify(approval) : (approval ?? '');
      return ask('reopen', id, ['retry', by.key, by.name, rule]);
    },
    rollBack: (id, by) => ask('reopen', id, ['roll back', by.key, by.name, '']),
    keep: (id, by) => ask('keep', id, [by.key, by.name]),
  };
}

const refusals: Readonly<Record<string, string>> = {
  unknown: 'There is no job {run} (any more).',
  already: 'The job {run} is being stopped already.',
  open: 'The job {run} is under way already.',
  ended: 'The job {run} has ended already.',
  'nothing to retry': 'The job {run} has ended, and there is nothing to go on with.',
  'nothing to keep': 'The job {run} has nothing that could be kept.',
  'nothing to roll back': 'The job {run} left nothing behind that could be taken back.',
};
