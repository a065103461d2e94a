import type { Card } from '#base/card.ts';
import type { Place, Posting } from '#chat/platform.ts';
import type { Bench } from './bench.ts';
import { userOf } from './direct.ts';
import { postCard } from './post.ts';

/** Whether an account is that of an app or a workflow: its id begins with a B. */
export const isBot = (account: string): boolean => /^B[A-Z0-9]+$/.test(userOf(account));

const quietMs = 10 * 60_000;
const mostTold = 200;
/** What bots were told lately, and when, ms. */
const told = new Map<string, number>();

/**
 * Answers a bot where it spoke, in the open, since nothing can be whispered to one. The same words come once in ten minutes:
 * two bots that answer each other would never end.
 */
export async function tellBot(
  bench: Bench,
  { place, account, card, posting }: { place: Place; account: string; card: Card; posting: Posting },
): Promise<void> {
  const key = `${account} ${card.fallback}`;
  const now = bench.clock.now();
  if (now - (told.get(key) ?? Number.NEGATIVE_INFINITY) < quietMs) return;
  told.delete(key);
  told.set(key, now);
  const [oldest] = told.keys();
  if (told.size > mostTold && oldest !== undefined) told.delete(oldest);
  await postCard(bench, place, card, posting);
}
