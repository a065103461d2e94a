import type { Block, StepLine, Text, Tone } from '#base/card.ts';
import { plain } from '#base/card.ts';
import { spell } from '#base/duration.ts';
import type { AnyJob } from '#jobs/engine/job.ts';
import type { RunRecord, RunState, StepRecord } from '#jobs/engine/record.ts';
import { askCard } from './ask-card.ts';
import type { Draft } from './buttons.ts';
import { failureBlocks } from './failure-blocks.ts';
import { stepLines } from './step-lines.ts';

const tones: Readonly<Record<RunState, Tone>> = {
  planning: 'running',
  asking: 'ask',
  queued: 'running',
  running: 'running',
  waiting: 'running',
  undoing: 'warn',
  done: 'ok',
  failed: 'error',
  cancelled: 'warn',
  rejected: 'warn',
  expired: 'warn',
  refused: 'error',
  kept: 'warn',
  stuck: 'error',
};

const words: Readonly<Record<RunState, string>> = {
  planning: 'is being planned',
  asking: 'waits for approval',
  queued: 'is about to start',
  running: 'is running',
  waiting: 'waits',
  undoing: 'is being taken back',
  done: 'is done',
  failed: 'failed',
  cancelled: 'was cancelled',
  rejected: 'was rejected',
  expired: 'was not approved in time',
  refused: 'was refused',
  kept: 'stopped half-way',
  stuck: 'needs a person',
};

/** The card of a run, drawn anew from its state each time. */
export function runCard(run: RunRecord, steps: readonly StepRecord[], job: AnyJob | undefined): Draft {
  if (run.state === 'asking' && run.ask) return askCard(run, run.ask);
  const what: Text = run.view?.title ?? run.text;
  const took =
    run.state === 'done' && run.endedAt && run.startedAt ? ` · took ${spell(run.endedAt - run.startedAt)}` : '';
  const foot: Block = {
    kind: 'small',
    text: ['Run ', { code: run.id }, ' · asked by ', { who: run.by.key, name: run.by.name }, took, ' · ', { code: run.text }],
  };
  if (run.state === 'done' && job && run.result !== undefined) {
    const { blocks, ...card } = job.summary(run.result, run.plan);
    return { card: { ...card, blocks: [...blocks, foot] }, buttons: [] };
  }
  const title = [...(Array.isArray(what) ? what : [what]), ` ${words[run.state]}`];
  const lines = stepLines(run, steps, job);
  const done = lines.filter(({ state }) => state === 'done').length;
  const moving = ['queued', 'running', 'waiting'].includes(run.state);
  return {
    card: {
      tone: tones[run.state],
      fallback: `${plain(title)}.`,
      blocks: [
        { kind: 'title', text: title },
        ...(run.failure ? failureBlocks(run, run.failure) : []),
        ...(moving && lines.length > 0
          ? [{ kind: 'progress' as const, done, total: lines.length, label: run.waitingFor ?? nowDoing(lines) }]
          : []),
        ...(lines.length > 0 && run.state !== 'rejected' ? [{ kind: 'steps' as const, steps: lines }] : []),
        foot,
      ],
    },
    buttons: buttonsFor(run),
  };
}

function nowDoing(lines: readonly StepLine[]): string {
  return lines.find(({ state }) => state === 'running')?.label ?? 'waiting for a worker';
}

function buttonsFor({ id: run, state }: RunRecord): Draft['buttons'] {
  const retry = {
    label: state === 'stuck' ? 'I fixed it, go on' : 'Retry from here',
    tone: 'primary' as const,
    meaning: { kind: 'run' as const, run, verb: 'retry' as const },
  };
  const rollBack = {
    label: 'Roll back',
    tone: 'danger' as const,
    meaning: { kind: 'run' as const, run, verb: 'roll back' as const },
    confirm: 'Take back everything this run made?',
  };
  switch (state) {
    case 'planning':
    case 'queued':
    case 'running':
    case 'waiting':
      return [
        {
          label: 'Cancel',
          tone: 'danger',
          confirm: 'What was made so far is removed.',
          meaning: { kind: 'run', run, verb: 'cancel' },
        },
      ];
    case 'kept':
    case 'stuck':
      return [retry, rollBack];
    case 'failed':
    case 'cancelled':
    case 'expired':
      return [{ ...retry, label: 'Try again' }];
    default:
      return [];
  }
}
