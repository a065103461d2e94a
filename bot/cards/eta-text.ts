import { spell } from '#base/duration.ts';
import type { RunRecord, StepRecord } from '#jobs/engine/record.ts';
import { shapeOf, type Typical } from '../show/eta.ts';

/**
 * What is left of a run, from how long its steps usually take: `about 45 s left`, or that its step is slower than usual. Undefined when too little is
 * known.
 */
export function etaText(
  run: RunRecord,
  steps: readonly StepRecord[],
  typical: ReadonlyMap<string, Typical>,
  now: number,
): string | undefined {
  const begun = new Map(steps.map((step) => [step.label, step]));
  let leftMs = 0;
  for (const label of run.view?.steps ?? []) {
    const step = begun.get(label);
    if (step?.endedAt !== undefined) continue;
    const usual = typical.get(shapeOf(label, run));
    if (!usual) return undefined;
    if (step && now - step.startedAt > usual.p95) return 'slower than usual';
    leftMs += step ? Math.max(0, usual.p50 - (now - step.startedAt)) : usual.p50;
  }
  return leftMs < 1000 ? undefined : `about ${spell(roundUp(leftMs)).replace('.0', '')} left`;
}

/** To 5 s, or to half a minute when it is long: so that it is honest, and changes rarely. */
function roundUp(lengthMs: number): number {
  const step = lengthMs > 120_000 ? 30_000 : 5000;
  return Math.ceil(lengthMs / step) * step;
}
