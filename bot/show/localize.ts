import type { Block, Card, Inline, Text } from '#base/card.ts';
import type { Office } from '../office.ts';

/** The card with people named by their accounts on this platform, so that it can show them as its own. */
export async function localized(office: Office, platform: string, card: Card): Promise<Card> {
  // The console's accounts are the keys.
  if (platform === 'web') return card;
  const keys = new Set<string>();
  each(card, (piece) => typeof piece === 'object' && 'who' in piece && keys.add(piece.who));
  if (keys.size === 0) return card;
  const accounts = new Map<string, string>();
  for (const key of keys) {
    const account = key.startsWith(`${platform}:`) ? key : await office.people.accountOn(platform, key);
    if (account !== undefined) accounts.set(key, account);
  }
  const here = (piece: Inline): Inline =>
    typeof piece === 'object' && 'who' in piece
      ? { who: accounts.get(piece.who) ?? piece.who, name: piece.name }
      : piece;
  const text = (one: Text): Text => (Array.isArray(one) ? one.map(here) : here(one as Inline));
  return { ...card, blocks: card.blocks.map((block) => inBlock(block, text)) };
}

function inBlock(block: Block, text: (one: Text) => Text): Block {
  switch (block.kind) {
    case 'title':
    case 'text':
    case 'small':
      return { ...block, text: text(block.text) };
    case 'fields':
      return { ...block, fields: block.fields.map(({ name, value }) => ({ name, value: text(value) })) };
    case 'table':
      return { ...block, rows: block.rows.map((row) => row.map(text)) };
    default:
      return block;
  }
}

function each(card: Card, see: (piece: Inline) => unknown): void {
  for (const block of card.blocks) {
    inBlock(block, (text) => {
      for (const piece of Array.isArray(text) ? text : [text as Inline]) see(piece);
      return text;
    });
  }
}
