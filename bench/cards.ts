import { setTimeout as sleep } from 'node:timers/promises';
import { type ConsoleUser, textOf } from '../test/console.ts';

/** What Ana has been told so far. */
export interface Told {
  /** VMs that are ready. */
  readonly ready: number;
  /** Private answers to what only reads, plans among them. */
  readonly answers: number;
  /** Titles of what went wrong. */
  readonly errors: readonly string[];
}

function told({ messages }: ConsoleUser): Told {
  const cards = [...messages.values()].flatMap(({ content, to }) =>
    content.kind === 'card' ? [{ to, card: content.card }] : [],
  );
  return {
    ready: cards.filter(({ card }) => card.tone === 'ok' && / is ready/.test(card.fallback)).length,
    answers: cards.filter(({ to, card }) => to !== undefined && card.tone !== 'error').length,
    errors: cards.filter(({ card }) => card.tone === 'error').map(({ card }) => textOf(card)),
  };
}

/** Waits until Ana has been told enough, or something went wrong; throws after `limitMs`. */
export async function untilTold(ana: ConsoleUser, enough: (told: Told) => boolean, limitMs: number): Promise<Told> {
  const limit = performance.now() + limitMs;
  for (;;) {
    const now = told(ana);
    if (enough(now)) return now;
    if (performance.now() > limit) {
      throw new Error(`after ${limitMs} ms: ${now.ready} ready, ${now.answers} answers, ${now.errors.length} errors`);
    }
    await sleep(50);
  }
}
