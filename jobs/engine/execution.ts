import { Halted } from './interruptions.ts';
import type { Journal } from './journal.ts';
import type { Question } from './run.ts';
import type { Situation } from './situation.ts';

/** What a run waits for while nothing of it is under way. */
type Want =
  | { readonly kind: 'wait'; readonly waitMs: number; readonly waitingFor: string }
  | { readonly kind: 'ask'; readonly question: Question };

/** One go at a job's `run`: what is under way, and why it stops. */
export interface Execution {
  readonly situation: Situation;
  readonly journal: Journal;
  /** Aborted when no step may begin or go on: lost, cancelled, drained, or another step failed. */
  readonly signal: AbortSignal;
  readonly wants: readonly Want[];
  /** Step ids that this go has met. */
  readonly met: Set<string>;
  /** Resolves when nothing is under way and the run has to wait (`reason` undefined), or was interrupted. */
  readonly stopped: Promise<{ readonly kind: 'stopped'; readonly reason: unknown }>;
  /** Counts as under way until it settles; what it throws is the step's failure. */
  during<T>(label: string, act: () => Promise<T>): Promise<T>;
  /** Inside of `during`: stops here. The promise never settles, so no line of the job's code runs on; a later go takes it up. */
  pause(want?: Want): Promise<never>;
  failedStep(error: unknown): string | undefined;
  /** Lets nothing begin any more, and waits for what is under way. */
  close(): Promise<void>;
}

export function openExecution(situation: Situation, journal: Journal): Execution {
  const { lease, engine } = situation;
  const halt = new AbortController();
  const signal = AbortSignal.any([lease.lost, lease.cancelled, engine.drained, halt.signal]);
  const wants: Want[] = [];
  const failures = new Map<unknown, string>();
  const stopped = Promise.withResolvers<{ kind: 'stopped'; reason: unknown }>();
  let underWay = 0;
  let idle: (() => void) | undefined;

  function leave(): void {
    underWay -= 1;
    check();
  }

  /** Not at once: the job's code may begin its next step as soon as it has the answer of the last one. */
  function check(): void {
    setImmediate(() => {
      if (underWay > 0) return;
      idle?.();
      if (signal.aborted) stopped.resolve({ kind: 'stopped', reason: signal.reason });
      else if (wants.length > 0) stopped.resolve({ kind: 'stopped', reason: undefined });
    });
  }

  signal.addEventListener('abort', check, { once: true });
  if (signal.aborted) check();

  return {
    situation,
    journal,
    signal,
    wants,
    met: new Set(),
    stopped: stopped.promise,
    async during(label, act) {
      underWay += 1;
      try {
        return await act();
      } catch (error) {
        failures.set(error, label);
        throw error;
      } finally {
        leave();
      }
    },
    pause(want) {
      if (want) wants.push(want);
      leave();
      return new Promise<never>(() => undefined);
    },
    failedStep: (error) => failures.get(error),
    async close() {
      halt.abort(new Halted('Another part of this run failed.'));
      if (underWay > 0) {
        await new Promise<void>((resolve) => {
          idle = resolve;
        });
      }
    },
  };
}
