import type { Card, Tone } from '#base/card.ts';

/** A card that says one sentence. */
export function sentenceCard(text: string, tone: Tone = 'info'): Card {
  return { tone, fallback: text, blocks: [{ kind: 'text', text }] };
}
