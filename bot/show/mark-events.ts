import type { RunEvent } from '#jobs/engine/outbox.ts';
import { endedStates, type RunState } from '#jobs/engine/record.ts';
import type { Office } from '../office.ts';
import { noteTimes } from './eta.ts';
import { noteKept } from './kept.ts';
import { originOf } from './places.ts';
import { mark } from './slots.ts';
import { markWatchers } from './watchers.ts';

/** States that people wait for, so their cards go before others. */
const urgent: ReadonlySet<RunState> = new Set([...endedStates, 'asking', 'kept', 'stuck']);

/** Turns what happened to runs into slots that have something new to show. Doing it twice does no harm. */
export async function markEvents(office: Office, events: readonly RunEvent[]): Promise<void> {
  const byRun = [...Map.groupBy(events, ({ runId }) => runId)];
  await Promise.all(byRun.map(([run, own]) => markRun(office, run, own)));
}

async function markRun(office: Office, runId: string, events: readonly RunEvent[]): Promise<void> {
  const { desk } = office;
  const run = await desk.runs.read(runId);
  if (!run) return;
  const origin = originOf(run);
  const first = events.some(({ kind }) => kind === 'submitted' || kind === 'planned');
  if (origin) {
    const { platform, channel } = origin;
    await mark(office, { kind: 'run', run: runId, platform, channel }, first || urgent.has(run.state));
  }
  if (urgent.has(run.state)) await markWatchers(office, runId);
  if (run.state === 'done') await noteTimes(office, run, await desk.runs.steps(runId));
  const last = events.findLast(({ state, kind }) => state === 'kept' || kind === 'retry' || kind === 'roll back');
  if (last) await noteKept(office, last);
}
