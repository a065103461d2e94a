import { type Card, plain, type Tone } from '#base/card.ts';
import type { AnyJob } from '#jobs/engine/job.ts';
import type { RunRecord } from '#jobs/engine/record.ts';
import { originOf } from '../show/places.ts';
import { toneOf, wordsOf } from './run-words.ts';

/** The last line of a run's thread: one sentence, which tells the one who asked. */
export function endCard(run: RunRecord, job: AnyJob | undefined): Card {
  const account = originOf(run)?.account;
  const tone: Tone = toneOf(run.state);
  const text = sentenceOf(run, job);
  return {
    tone,
    fallback: text,
    blocks: [{ kind: 'text', text: [{ who: run.by.key, name: run.by.name }, `: ${text}`] }],
    ...(account === undefined ? {} : { ping: [account] }),
  };
}

function sentenceOf(run: RunRecord, job: AnyJob | undefined): string {
  if (run.state === 'done' && job && run.result !== undefined) return job.summary(run.result, run.plan).fallback;
  const what = run.view ? plain(run.view.title) : run.text;
  const why = run.failure ? `: ${run.failure.message}` : '.';
  const reason = run.state === 'rejected' ? run.ask?.votes.findLast(({ yes }) => !yes)?.reason : undefined;
  return [`${what} ${wordsOf(run.state)}${why}`, reason].filter(Boolean).join(' ');
}
