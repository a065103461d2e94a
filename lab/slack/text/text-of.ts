import type { Block, Content } from '../message.ts';
import { elementsIn } from '../rules/blocks.ts';
import { type Names, plain } from './plain.ts';
import { richText } from './rich.ts';

interface Text {
  readonly type: string;
  readonly text: string;
}

/** What a message says, as plain text: a line for each block, buttons in brackets. Without blocks it is its text. */
export function textOf(world: Names, { text, blocks, attachments }: Content): string {
  const more = attachments.flatMap(({ text: said, fallback, blocks: own }) =>
    own ? blocksText(world, own as readonly Block[]) : plain(world, String(said ?? fallback ?? '')),
  );
  return [blocks.length > 0 ? blocksText(world, blocks) : plain(world, text), ...more].filter(Boolean).join('\n');
}

export function blocksText(world: Names, blocks: readonly Block[]): string {
  return blocks
    .map((block) => blockText(world, block))
    .filter(Boolean)
    .join('\n');
}

function blockText(world: Names, block: Block): string {
  const said = (text: unknown) =>
    (text as Text).type === 'mrkdwn' ? plain(world, (text as Text).text) : (text as Text).text;
  switch (block.type) {
    case 'rich_text':
      return richText(world, block as Parameters<typeof richText>[1]);
    case 'table':
      return (block.rows as readonly (readonly Parameters<typeof richText>[1][])[])
        .map((row) => row.map((cell) => richText(world, cell)).join(' | '))
        .join('\n');
    case 'context':
      return (block.elements as readonly Block[])
        .map((one) => (one.text ? said(one) : String(one.alt_text ?? '')))
        .join(' ');
    case 'markdown':
      return String(block.text);
    case 'image':
      return String(block.alt_text);
    case 'divider':
      return '---';
    default: {
      const texts = [block.label, block.text, ...((block.fields as unknown[] | undefined) ?? [])]
        .filter(Boolean)
        .map(said);
      const pressed = elementsIn(block)
        .map((element) => labelOf(element))
        .filter(Boolean);
      return [...texts, pressed.map((label) => `[${label}]`).join(' ')].filter(Boolean).join('\n');
    }
  }
}

/** What stands on an element. */
export function labelOf({ text, placeholder, alt_text, type }: Block): string {
  const words = (text ?? placeholder) as Text | undefined;
  return words?.text ?? String(alt_text ?? (type === 'overflow' ? '⋯' : ''));
}
