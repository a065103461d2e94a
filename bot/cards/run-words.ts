import type { Tone } from '#base/card.ts';
import type { RunState } from '#jobs/engine/record.ts';

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

export const toneOf = (state: RunState): Tone => tones[state];
/** What follows the name of what is done: `is running`. */
export const wordsOf = (state: RunState): string => words[state];
