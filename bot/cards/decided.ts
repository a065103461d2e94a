import type { Block, Inline } from '#base/card.ts';
import type { RunRecord } from '#jobs/engine/record.ts';

/** How a question was decided: who said what, when, and why. Empty for a run that asked nothing. */
export function decidedBlocks({ ask }: RunRecord): Block[] {
  if (!ask || ask.state === 'open' || ask.votes.length === 0) return [];
  const word = ask.state === 'approved' ? '✅ Approved' : ask.state === 'rejected' ? '⛔ Rejected' : 'Asked';
  const votes = ask.votes
    .filter(({ yes }) => yes === (ask.state !== 'rejected'))
    .flatMap(({ key, name, at, reason }): Inline[] => [
      ' · ',
      { who: key, name },
      ' ',
      { at },
      ...(reason ? [`: ${reason}`] : []),
    ]);
  return [{ kind: 'small', text: [word, ...votes] }];
}
