import type { Block } from '#base/card.ts';
import type { Failure } from '#jobs/engine/record.ts';

/** What failed, who said so, what was taken back, what is left, and what to do next. */
export function failureBlocks({ step, system, message, hint, offers, takenBack, leftOver }: Failure): Block[] {
  return [
    { kind: 'text', text: [...(step ? [{ b: `${step}: ` }] : []), ...(system ? [`${system} said: `] : []), message] },
    ...(hint === undefined
      ? []
      : [{ kind: 'text' as const, text: [{ b: 'Next: ' }, hint.startsWith('/') ? { code: hint } : hint] }]),
    ...(takenBack.length > 0
      ? [{ kind: 'small' as const, text: `Taken back: ${takenBack.join('; ')}. Nothing else is left.` }]
      : []),
    ...(leftOver.length > 0 ? [{ kind: 'text' as const, text: [{ b: 'Still there: ' }, leftOver.join('; ')] }] : []),
    ...(offers.length > 0 ? [{ kind: 'offers' as const, offers }] : []),
  ];
}
