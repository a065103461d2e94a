import type { Card } from '#base/card.ts';

/** An answer that somebody may have had already, where the platform can't be asked whether it came. */
export function repeated(card: Card): Card {
  const text = 'You may have seen this already: I was interrupted while I answered, and can’t tell whether it came.';
  return { ...card, blocks: [...card.blocks, { kind: 'small', text }] };
}
