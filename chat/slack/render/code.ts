import type { KnownBlock } from '@slack/types';
import { clip } from './limits.ts';

/** Text of fixed width, as it is; nothing for nothing. */
export function codeBlocks(text: string): KnownBlock[] {
  if (text.trim() === '') return [];
  const elements = [{ type: 'text' as const, text: clip(text, mostCode) }];
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements }] }];
}

const mostCode = 10_000;
