import type { Block } from '#base/card.ts';
import { endedStates, type Failure, type RunRecord } from '#jobs/engine/record.ts';

/** What failed, who said so, what was taken back, what is left, and what to do next. */
export function failureBlocks(run: RunRecord, failure: Failure): Block[] {
  const { step, system, message, hint, offers, leftOver } = failure;
  const cleared = takenBackText(run, failure);
  return [
    { kind: 'text', text: [...(step ? [{ b: `${step}: ` }] : []), ...(system ? [`${system} said: `] : []), message] },
    ...(hint === undefined
      ? []
      : [{ kind: 'text' as const, text: [{ b: 'Next: ' }, hint.startsWith('/') ? { code: hint } : hint] }]),
    ...(cleared === undefined ? [] : [{ kind: 'small' as const, text: cleared }]),
    ...(leftOver.length > 0 ? [{ kind: 'text' as const, text: [{ b: 'Still there: ' }, leftOver.join('; ')] }] : []),
    ...(offers.length > 0 ? [{ kind: 'offers' as const, offers }] : []),
  ];
}

/** That nothing is left is only said of what makes things, and when it is so. */
function takenBackText({ state, view }: RunRecord, { takenBack, leftOver, stays = [] }: Failure): string | undefined {
  const over = endedStates.has(state) && leftOver.length === 0;
  const back = takenBack.length > 0 ? [`Taken back: ${takenBack.join('; ')}.`] : [];
  if (stays.length > 0) return [...back, ...stays].join(' ');
  if (takenBack.length > 0) return [...back, ...(over ? ['Nothing else is left.'] : [])].join(' ');
  return over && view && view.changes.create > 0 ? 'Nothing was made.' : undefined;
}
