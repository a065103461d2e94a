import { type Card, plain, type Text } from '#base/card.ts';
import type { PlanView } from '#jobs/engine/job.ts';
import type { RunRecord } from '#jobs/engine/record.ts';
import type { ApprovalRule } from '#jobs/engine/run.ts';

/** A plan that nobody carries out (`--dry-run`). */
export function planCard(view: PlanView, text: string, approval: ApprovalRule | undefined): Card {
  const { create, change, destroy } = view.changes;
  const rows = rowsOf(view.rows);
  const approver = approval
    ? approval.typeName
      ? ' Its name would have to be typed.'
      : ` It would need ${approval.need === 1 ? 'the approval of one other person' : `${approval.need} approvals`}.`
    : '';
  return {
    tone: 'info',
    fallback: `Plan: ${plain(view.title)}. Nothing was done.`,
    blocks: [
      { kind: 'title', text: ['Plan: ', ...(Array.isArray(view.title) ? view.title : [view.title])] },
      {
        kind: 'text',
        text: `${create} to create, ${change} to change, ${destroy} to destroy.${approver} Nothing was done.`,
      },
      ...(rows.length > 0 ? [{ kind: 'table' as const, columns: ['Setting', 'Value'], rows }] : []),
      ...view.warnings.map((warning) => ({ kind: 'text' as const, text: `⚠ ${warning}` })),
      { kind: 'steps', steps: view.steps.map((label) => ({ state: 'waiting' as const, label })) },
      {
        kind: 'offers',
        offers: [{ label: 'Do it', command: text.replace(/\s+[-—–]+dry-run\b/, ''), tone: 'primary' }],
      },
    ],
  };
}

/** A run's plan as it stands in its thread. */
export function planTable({ view, text }: RunRecord): Card {
  const { create = 0, change = 0, destroy = 0 } = view?.changes ?? {};
  const counts = `${create} to create, ${change} to change, ${destroy} to destroy`;
  return {
    tone: 'info',
    fallback: `Plan of ${text}: ${counts}.`,
    blocks: [
      { kind: 'text', text: [{ b: 'Plan' }, `: ${counts}`] },
      { kind: 'table', columns: ['Setting', 'Value'], rows: rowsOf(view?.rows ?? []) },
      ...(view?.warnings ?? []).map((warning) => ({ kind: 'text' as const, text: `⚠ ${warning}` })),
    ],
  };
}

function rowsOf(rows: PlanView['rows']): Text[][] {
  return rows.map(({ setting, value, was }) =>
    was === undefined ? [setting, value] : [setting, [plain(was), ' → ', plain(value)]],
  );
}
