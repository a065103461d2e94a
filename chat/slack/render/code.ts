import type { KnownBlock } from '@slack/types';

/** Text of fixed width, as it is; nothing for nothing. */
export function codeBlocks(text: string): KnownBlock[] {
  if (text.trim() === '') return [];
  const elements = [{ type: 'text' as const, text: text.toWellFormed() }];
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements }] }];
}
