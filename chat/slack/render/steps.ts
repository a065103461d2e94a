import type { KnownBlock, RichTextElement } from '@slack/types';
import type { StepLine } from '#base/card.ts';
import { spell } from '#base/duration.ts';
import { clip } from '../../clip.ts';
import { stepMarks } from '../../step-marks.ts';
import { moment } from './moment.ts';
import { richText } from './rich.ts';

/** A check-list, a line for each step: its mark, what it does, how long it took or when it began, a note. */
export function stepsBlocks(steps: readonly StepLine[]): KnownBlock[] {
  return richText(steps.flatMap((step, at) => [...(at > 0 ? [said('\n')] : []), ...line(step)]));
}

function line({ state, label, startedAt, tookMs, note }: StepLine): RichTextElement[] {
  const pieces = [said(`${stepMarks[state]} ${clip(label, mostLabel)}`)];
  if (tookMs !== undefined && Number.isFinite(tookMs)) pieces.push(said(`  ${spell(tookMs)}`, { code: true }));
  else if (state === 'running' && startedAt !== undefined) {
    pieces.push(said('  since '), { type: 'date', ...moment(startedAt), format: '{time_secs} ({ago})' });
  }
  if (note) pieces.push(said(` — ${clip(note, mostLabel)}`, { italic: true }));
  return pieces;
}

const mostLabel = 300;

function said(text: string, style?: { code?: true; italic?: true }): RichTextElement {
  return { type: 'text', text, ...(style ? { style } : {}) };
}
