import type { StepLine } from '#base/card.ts';

/** How steps look where there are no colours. */
export const stepMarks: Readonly<Record<StepLine['state'], string>> = {
  waiting: '⬜',
  running: '🔄',
  done: '✅',
  failed: '❌',
  undone: '↩️',
  skipped: '⏭️',
};
