import { type Card, plain } from '#base/card.ts';
import type { PlanView } from '#jobs/engine/job.ts';
import type { ApprovalRule } from '#jobs/engine/run.ts';

/** A plan that nobody carries out (`--dry-run`). */
export function planCard(view: PlanView, text: string, approval: ApprovalRule | undefined): Card {
  const { create, change, destroy } = view.changes;
  const rows = view.rows.map(({ setting, value, was }) =>
    was === undefined ? [setting, value] : [setting, [plain(was), ' → ', plain(value)]],
  );
  const approver = approval
    ? ` It would need ${approval.need === 1 ? 'the approval of one other person' : `${approval.need} approvals`}.`
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
