import type { KnownBlock } from '@slack/types';
import { type Block, type Card, type Inline, plain, type Tone } from '#base/card.ts';
import { clip } from '../../clip.ts';
import { buttonBlocks } from './buttons.ts';
import { codeBlocks } from './code.ts';
import { filled, most } from './limits.ts';
import { progressBlocks } from './progress.ts';
import { richPieces, richText } from './rich.ts';
import { type Showing, userIn } from './showing.ts';
import { escaped, fieldText, smallPieces, unmarked } from './small.ts';
import { stepsBlocks } from './steps.ts';
import { alignedTable, isTable, tableBlock } from './table.ts';

/** A card as Slack takes it. `text` is what notifications and screen readers say. */
export interface Message {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

const marks: Readonly<Record<Tone, string>> = {
  info: '',
  running: '⏳ ',
  ok: '✅ ',
  warn: '⚠️ ',
  error: '❌ ',
  ask: '✋ ',
};

/** The card block by block, without regard to how much a message holds in all: see `fit.ts`. */
export function renderCard(card: Card, showing: Showing): Message {
  const pings = pingsOf(card, showing);
  const mark = marks[card.tone];
  const marked = card.blocks.findIndex(({ kind }) => kind === 'title' || kind === 'text');
  let tables = showing.surface === 'home' ? 1 : 0;
  const blocks = card.blocks.flatMap((block, at) => {
    if (block.kind === 'table' && isTable(block) && tables === 0) {
      tables++;
      return block.rows.length > 0 ? [tableBlock(block, showing)] : [];
    }
    const rendered = renderBlock(block, showing, at === marked ? mark : '');
    return at === marked ? [...rendered, ...pings.blocks] : rendered;
  });
  const told = marked < 0 ? [...pings.blocks, ...blocks] : blocks;
  const text = `${pings.text}${mark}${escaped(filled(card.fallback, most.text))}`;
  return {
    text,
    blocks: told.length > 0 ? told : richText([{ type: 'text', text: filled(card.fallback, most.text) }]),
  };
}

function renderBlock(block: Block, showing: Showing, mark: string): KnownBlock[] {
  const before: readonly Inline[] = mark === '' ? [] : [mark];
  switch (block.kind) {
    case 'title': {
      const large = showing.surface === 'home' && plain(block.text).trim() !== '';
      if (large) return [{ type: 'header', text: unmarked(mark + plain(block.text), most.header) }];
      return richText(richPieces([...before, ...pieces(block.text)], showing, { bold: true }));
    }
    case 'text':
      return richText(richPieces([...before, ...pieces(block.text)], showing));
    case 'small': {
      const elements = smallPieces(block.text, showing);
      return elements.length > 0 ? [{ type: 'context', elements }] : [];
    }
    case 'fields':
      return fieldBlocks(block, showing);
    case 'progress':
      return progressBlocks(block);
    case 'steps':
      return stepsBlocks(block.steps);
    case 'table':
      return alignedTable(block);
    case 'code':
      return codeBlocks(showing.typed(block.text));
    case 'actions':
      return buttonBlocks(block.actions);
    // A file is sent beside the message; offers have become actions before.
    case 'file':
    case 'offers':
      return [];
  }
}

const pieces = (text: Inline | readonly Inline[]) => (Array.isArray(text) ? text : [text]) as readonly Inline[];

function fieldBlocks({ fields }: Extract<Block, { kind: 'fields' }>, showing: Showing): KnownBlock[] {
  const blocks: KnownBlock[] = [];
  for (let from = 0; from < fields.length; from += most.fields) {
    const some = fields.slice(from, from + most.fields);
    blocks.push({ type: 'section', fields: some.map(({ name, value }) => fieldText(name, value, showing)) });
  }
  return blocks;
}

/** Whom the message is to tell: first in the text, and once where it can be seen. Accounts and groups that are not of this workspace are left out. */
function pingsOf({ ping = [] }: Card, { team, groups, surface }: Showing): Message {
  if (surface === 'home') return { text: '', blocks: [] };
  const users = ping.slice(0, mostPings).flatMap((account) => userIn(team, account) ?? []);
  const subteams = ping.slice(0, mostPings).flatMap((group) => groups.get(group) ?? []);
  const mentions = [...users.map((user) => `<@${user}>`), ...subteams.map((id) => `<!subteam^${id}>`)];
  const elements = [
    ...users.map((user_id) => ({ type: 'user' as const, user_id })),
    ...subteams.map((usergroup_id) => ({ type: 'usergroup' as const, usergroup_id })),
  ].flatMap((mention, at) => (at === 0 ? [mention] : [{ type: 'text' as const, text: ' ' }, mention]));
  return { text: mentions.map((mention) => `${mention} `).join(''), blocks: richText(elements) };
}

const mostPings = 50;

/** What the card gives to take away. */
export function filesOf(card: Card): { name: string; text: string }[] {
  return card.blocks.flatMap((block) =>
    block.kind === 'file' ? [{ name: clip(block.name, 200) || 'file.txt', text: block.text }] : [],
  );
}
