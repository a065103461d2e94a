import type { RichTextBlock, RichTextElement } from '@slack/types';
import type { Inline, Text } from '#base/card.ts';
import { clip } from '../../clip.ts';
import { most } from './limits.ts';
import { moment } from './moment.ts';
import { type Showing, userIn } from './showing.ts';

/** Rich text is structure, not markup: nothing in a string can become a mention, a link or bold, and nothing needs escaping. */
export function richText(...sections: RichTextElement[][]): RichTextBlock[] {
  const elements = sections
    .map((section) => section.filter((piece) => piece.type !== 'text' || piece.text !== ''))
    .filter((section) => section.length > 0)
    .map((section) => ({ type: 'rich_text_section' as const, elements: section }));
  return elements.length > 0 ? [{ type: 'rich_text', elements }] : [];
}

/** The pieces of a text, cut after so many characters. `bold`: all of it, as in a title. */
export function richPieces(
  text: Text,
  showing: Showing,
  options: { bold?: boolean; max?: number } = {},
): RichTextElement[] {
  let left = options.max ?? most.text;
  const pieces: RichTextElement[] = [];
  for (const inline of Array.isArray(text) ? text : [text as Inline]) {
    if (left <= 1) break;
    const piece = richPiece(inline, showing, left);
    left -= 'text' in piece ? (piece.text ?? '').length : 20;
    pieces.push(options.bold ? { ...piece, style: { ...piece.style, bold: true } } : piece);
  }
  return pieces;
}

function richPiece(piece: Inline, showing: Showing, max: number): RichTextElement {
  if (typeof piece === 'string') return said(piece, max);
  if ('b' in piece) return { ...said(piece.b, max), style: { bold: true } };
  if ('code' in piece) return { ...said(showing.typed(piece.code), max), style: { code: true } };
  if ('at' in piece) return { type: 'date', ...moment(piece.at) };
  if ('who' in piece) {
    const user = showing.mentions ? userIn(showing.team, piece.who) : undefined;
    return user ? { type: 'user', user_id: user } : said(`@${piece.name}`, max);
  }
  const url = linkable(piece.href);
  if (url === undefined) return said(piece.link, max);
  return { type: 'link', url, ...(piece.link === '' ? {} : { text: clip(piece.link, max) }) };
}

const said = (text: string, max: number) => ({ type: 'text' as const, text: clip(text, max) });

/** An address that Slack takes for a link; nothing but the web's. */
export function linkable(href: string): string | undefined {
  const url = URL.parse(href);
  const web = url && (url.protocol === 'https:' || url.protocol === 'http:');
  return web && url.href.length <= most.url ? url.href : undefined;
}
