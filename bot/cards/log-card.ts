import type { Card } from '#base/card.ts';
import type { Runs } from '#jobs/engine/runs.ts';

/** How much of a log is shown; the rest is in the file. */
const shownCharacters = 2500;

/** The end of a run's log, and all of it as a file when that is more. */
export async function logCard(runs: Pick<Runs, 'log'>, run: string): Promise<Card> {
  const lines = await runs.log(run);
  const text = lines.map(({ at, text: line }) => `${new Date(at).toISOString().slice(11, 19)} ${line}`).join('\n');
  if (text === '')
    return { tone: 'info', fallback: 'Nothing was logged.', blocks: [{ kind: 'text', text: 'Nothing was logged.' }] };
  const end = text.slice(-shownCharacters);
  const tail = end.length < text.length ? end.slice(end.indexOf('\n') + 1) : end;
  return {
    tone: 'info',
    fallback: `The log of ${run}`,
    blocks: [
      { kind: 'title', text: ['Log of ', { code: run }] },
      { kind: 'code', text: tail },
      ...(tail.length < text.length ? [{ kind: 'file' as const, name: `${run}.log`, text }] : []),
    ],
  };
}
