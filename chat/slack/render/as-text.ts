import { type Block, type Card, plain } from '#base/card.ts';
import { columnsOf } from './table.ts';

/** All that a card says, as plain text: for a file, where it is too long for a message. */
export function cardAsText({ blocks }: Card): string {
  return `${blocks
    .map(blockAsText)
    .filter((text) => text !== '')
    .join('\n\n')}\n`;
}

function blockAsText(block: Block): string {
  switch (block.kind) {
    case 'title':
    case 'text':
    case 'small':
      return plain(block.text);
    case 'fields':
      return block.fields.map(({ name, value }) => `${name}: ${plain(value)}`).join('\n');
    case 'progress':
      return `${block.done}/${block.total} ${block.label}`;
    case 'steps':
      return block.steps.map(({ state, label, note }) => `[${state}] ${label}${note ? ` — ${note}` : ''}`).join('\n');
    case 'table':
      return columnsOf(block);
    case 'code':
      return block.text;
    // A file goes beside it, and nothing can be pressed in one.
    case 'file':
    case 'actions':
    case 'offers':
      return '';
  }
}
