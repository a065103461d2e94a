import type { KnownBlock, RawTextElement, RichTextBlock } from '@slack/types';
import { type Block, plain, type Text } from '#base/card.ts';
import { codeBlocks } from './code.ts';
import { filled, most } from './limits.ts';
import { richPieces, richText } from './rich.ts';
import type { Showing } from './showing.ts';

type Table = Extract<Block, { kind: 'table' }>;

/** Whether Slack can show it as a table; it takes one to a message and none on a home tab. */
export function isTable({ columns, rows }: Table): boolean {
  return columns.length > 0 && columns.length <= most.tableColumns && rows.length < most.tableRows;
}

/** Slack's own table, the columns' names first. */
export function tableBlock({ columns, rows }: Table, showing: Showing): KnownBlock {
  const names = columns.map((name): RawTextElement => ({ type: 'raw_text', text: filled(name, most.field) }));
  const cells = rows.map((row) => columns.map((_, at) => cell(row[at] ?? '', showing)));
  return { type: 'table', rows: [names, ...cells], column_settings: columns.map(() => ({ is_wrapped: true })) };
}

function cell(text: Text, showing: Showing): RawTextElement | RichTextBlock {
  const raw = { type: 'raw_text' as const, text: filled(plain(text), most.field) };
  const isPlain = (Array.isArray(text) ? text : [text]).every((piece) => typeof piece === 'string');
  return isPlain ? raw : (richText(richPieces(text, showing, { max: most.field }))[0] ?? raw);
}

/** The same in columns of fixed width. */
export function alignedTable(table: Table): KnownBlock[] {
  return codeBlocks(columnsOf(table));
}

/** A table as text: `Name     Node`, a line for each row. */
export function columnsOf({ columns, rows }: Table): string {
  const lines = [columns, ...rows.map((row) => columns.map((_, at) => plain(row[at] ?? '')))];
  const widths = columns.map((_, at) => Math.min(widest, Math.max(...lines.map((line) => (line[at] ?? '').length))));
  return lines
    .map((line) =>
      line
        .map((word, at) => word.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const widest = 60;
