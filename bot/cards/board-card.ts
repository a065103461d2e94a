import type { Card, Text } from '#base/card.ts';
import { plain } from '#base/card.ts';
import type { RunRecord, StepRecord } from '#jobs/engine/record.ts';
import { wordsOf } from './run-words.ts';

/** As many as fit on every platform; the rest are counted. */
const most = 30;

/** How far each job is, a line each. `many` is false when the rush is over and each has its own card again. */
export function boardCard(jobs: readonly { run: RunRecord; steps: readonly StepRecord[] }[], many: boolean): Card {
  if (!many) {
    const text = 'The rush is over: each job’s own card shows how it goes.';
    return { tone: 'info', fallback: text, blocks: [{ kind: 'small', text }] };
  }
  const shown = jobs.slice(0, most);
  const left = jobs.length - shown.length;
  return {
    tone: 'running',
    fallback: `${jobs.length} jobs are going on.`,
    blocks: [
      { kind: 'title', text: `${jobs.length} jobs are going on` },
      { kind: 'table', columns: ['Job', 'What', 'How far'], rows: shown.map(row) },
      ...(left > 0 ? [{ kind: 'small' as const, text: [`… and ${left} more: `, { code: '/job list' }] }] : []),
    ],
  };
}

function row({ run, steps }: { run: RunRecord; steps: readonly StepRecord[] }): Text[] {
  const total = Math.max(run.view?.steps.length ?? 0, steps.length);
  const done = steps.filter(({ state }) => state === 'done').length;
  const now = steps.find(({ state }) => state === 'started')?.label;
  const far = total > 0 ? `${done}/${total} ${run.waitingFor ?? now ?? wordsOf(run.state)}` : wordsOf(run.state);
  return [{ code: run.id }, run.view ? plain(run.view.title) : run.text, far];
}
