import { type Block, plain, type StepLine, type Text } from '#base/card.ts';
import { spell } from '#base/duration.ts';
import type { AnyJob } from '#jobs/engine/job.ts';
import type { RunRecord, StepRecord } from '#jobs/engine/record.ts';
import type { Typical } from '../show/eta.ts';
import { askCard } from './ask-card.ts';
import type { Draft } from './buttons.ts';
import { decidedBlocks } from './decided.ts';
import { etaText } from './eta-text.ts';
import { failureBlocks } from './failure-blocks.ts';
import { runButtons } from './run-buttons.ts';
import { toneOf, wordsOf } from './run-words.ts';
import { stepLines } from './step-lines.ts';

export interface Drawing {
  readonly job: AnyJob | undefined;
  /** How long its steps usually take. */
  readonly typical: ReadonlyMap<string, Typical>;
  /** Its progress is shown on the channel's board, so the card itself rests. */
  readonly onBoard: boolean;
}

/** The card of a run, drawn anew from its state each time. */
export function runCard(run: RunRecord, steps: readonly StepRecord[], { job, typical, onBoard }: Drawing): Draft {
  if (run.state === 'asking' && run.ask) return askCard(run, run.ask);
  const foot = footOf(run);
  const decided = decidedBlocks(run);
  if (run.state === 'done' && job && run.result !== undefined) {
    const { blocks, ...card } = job.summary(run.result, run.plan);
    return { card: { ...card, blocks: [...blocks, ...decided, foot] }, buttons: [] };
  }
  const what: Text = run.view?.title ?? run.text;
  const title = [...(Array.isArray(what) ? what : [what]), ` ${wordsOf(run.state)}`];
  const lines = stepLines(run, steps, job);
  const progress = onBoard ? onBoardBlocks : progressBlocks(run, steps, lines, typical);
  return {
    card: {
      tone: toneOf(run.state),
      fallback: `${plain(title)}.`,
      blocks: [
        { kind: 'title', text: title },
        ...(run.failure ? failureBlocks(run, run.failure) : []),
        ...progress,
        ...decided,
        foot,
      ],
    },
    buttons: runButtons(run),
  };
}

const onBoardBlocks: readonly Block[] = [
  { kind: 'small', text: 'Many jobs are going on: the board below shows how far each is.' },
];

function progressBlocks(
  run: RunRecord,
  steps: readonly StepRecord[],
  lines: readonly StepLine[],
  typical: ReadonlyMap<string, Typical>,
): Block[] {
  if (lines.length === 0 || run.state === 'rejected') return [];
  const moving = ['queued', 'running', 'waiting'].includes(run.state);
  const done = lines.filter(({ state }) => state === 'done').length;
  // By Redis' clock, as all times of a run; what this process' clock says may be another time.
  const eta = moving ? etaText(run, steps, typical, run.updatedAt) : undefined;
  const label = [run.waitingFor ?? nowDoing(lines), ...(eta ? [eta] : [])].join(' · ');
  return [
    ...(moving ? [{ kind: 'progress' as const, done, total: lines.length, label }] : []),
    ...(run.state === 'undoing' && run.waitingFor ? [{ kind: 'text' as const, text: run.waitingFor }] : []),
    { kind: 'steps', steps: lines },
  ];
}

function footOf(run: RunRecord): Block {
  const took =
    run.state === 'done' && run.endedAt && run.startedAt ? ` · took ${spell(run.endedAt - run.startedAt)}` : '';
  const asker = { who: run.by.key, name: run.by.name };
  return { kind: 'small', text: ['Run ', { code: run.id }, ' · asked by ', asker, took, ' · ', { code: run.text }] };
}

function nowDoing(lines: readonly StepLine[]): string {
  return lines.find(({ state }) => state === 'running')?.label ?? 'waiting for a worker';
}
