import type { StepLine } from '#base/card.ts';
import type { AnyJob } from '#jobs/engine/job.ts';
import type { RunRecord, StepRecord } from '#jobs/engine/record.ts';

/** What was done, then what the plan says is still to come. */
export function stepLines(run: RunRecord, steps: readonly StepRecord[], job: AnyJob | undefined): StepLine[] {
  const over = run.endedAt !== undefined || run.state === 'undoing';
  // What a step did to something goes with that thing; what was done before the first step that can be undone stays done.
  const firstUndone = steps.findIndex((step) => job?.steps.find(({ name }) => name === step.id.split('#', 1)[0])?.undo);
  const begun = steps.map((step, at): StepLine => {
    const { label, startedAt, endedAt, error } = step;
    return {
      ...{ label, startedAt, state: stateOf(step, run, firstUndone >= 0 && at >= firstUndone) },
      ...(endedAt === undefined ? {} : { tookMs: endedAt - startedAt }),
      ...(error && step.state === 'started' ? { note: error } : {}),
    };
  });
  const started = new Set(steps.map(({ label }) => label));
  const left = (run.view?.steps ?? []).filter((label) => !started.has(label));
  return [...begun, ...left.map((label): StepLine => ({ state: over ? 'skipped' : 'waiting', label }))];
}

function stateOf({ state, output, error }: StepRecord, run: RunRecord, wentAway: boolean): StepLine['state'] {
  if (state === 'started') return ['running', 'waiting', 'undoing'].includes(run.state) ? 'running' : 'failed';
  if (state !== 'undoing' && state !== 'undone') return state;
  if (wentAway) return 'undone';
  if (error) return 'failed';
  return output === undefined ? 'skipped' : 'done';
}
