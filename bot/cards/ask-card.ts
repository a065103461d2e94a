import type { Block } from '#base/card.ts';
import { plain } from '#base/card.ts';
import type { AskState, RunRecord } from '#jobs/engine/record.ts';
import type { ApprovalRule } from '#jobs/engine/run.ts';
import type { Draft, Planned } from './buttons.ts';

/** The card on which people decide: what is asked, by whom, what it touches, who may say yes, and until when. */
export function askCard(run: RunRecord, ask: AskState): Draft {
  const { view } = run;
  const title = view ? [{ b: 'Approve? ' }, ...(Array.isArray(view.title) ? view.title : [view.title])] : ask.title;
  const yes = ask.votes.filter((vote) => vote.yes);
  const rows = (view?.rows ?? []).map(({ setting, value, was }) => ({
    name: setting,
    value: was === undefined ? value : [plain(was), ' → ', plain(value)],
  }));
  const warnings: Block[] = (view?.warnings ?? []).map((text) => ({ kind: 'text', text: `⚠ ${text}` }));
  const pressed: Planned = {
    label: ask.rule.need > 1 ? `Approve (${yes.length}/${ask.rule.need})` : 'Approve',
    tone: 'primary',
    meaning: { kind: 'vote', run: run.id, revision: ask.revision, yes: true },
    ...(view && view.changes.destroy > 0 ? { confirm: `${plain(view.title)}: this can’t be taken back.` } : {}),
  };
  const named: Planned = {
    label: 'Type its name',
    tone: 'primary',
    meaning: { kind: 'name', run: run.id, revision: ask.revision },
  };
  return {
    card: {
      tone: 'ask',
      fallback: `${run.by.name} asks: ${plain(title)}`,
      blocks: [
        { kind: 'title', text: title },
        {
          kind: 'text',
          text: [{ who: run.by.key, name: run.by.name }, ' asks for this. ', whoMay(ask.rule, run.by.name)],
        },
        ...(ask.note ? [{ kind: 'text' as const, text: { b: ask.note } }] : []),
        ...(rows.length > 0 ? [{ kind: 'fields' as const, fields: rows }] : []),
        ...warnings,
        ...(yes.length > 0
          ? [
              {
                kind: 'text' as const,
                text: `Yes so far (${yes.length} of ${ask.rule.need}): ${yes.map(({ name }) => name).join(', ')}.`,
              },
            ]
          : []),
        {
          kind: 'small',
          text: [
            'Run ',
            { code: run.id },
            ' · ',
            { code: run.text },
            ' · expires ',
            { at: ask.expiresAt },
            ` · plan ${run.planHash?.slice(0, 8) ?? ''}`,
          ],
        },
      ],
    },
    buttons: [
      ...(ask.rule.typeName ? [named] : [pressed]),
      { label: 'Reject', tone: 'danger', meaning: { kind: 'reject', run: run.id, revision: ask.revision } },
      { label: 'Full plan', meaning: { kind: 'run', run: run.id, verb: 'plan' } },
    ],
  };
}
function whoMay({ need, groups, selfOk, typeName = false }: ApprovalRule, asker: string): string {
  if (typeName) return 'Nobody else is there to ask, so its name has to be typed.';
  const people = need === 1 ? 'One person' : `${need} people`;
  const from = groups.length > 0 ? ` of ${groups.join(' or ')}` : '';
  return `${people}${from}${selfOk ? '' : ` other than ${asker}`} must approve.`;
}
