import type { MrkdwnElement, PlainTextElement, TextObject } from '@slack/types';
import { type Inline, plain, type Text } from '#base/card.ts';
import { filled, most } from './limits.ts';
import { moment } from './moment.ts';
import { linkable } from './rich.ts';
import { type Showing, userIn } from './showing.ts';

/**
 * The elements of a context block. Slack knows no rich text there, and its markup has no way to escape `*` or `_`; so a piece that
 * holds such a character stands as plain text of its own, and only what cannot be mistaken is written as markup.
 */
export function smallPieces(text: Text, showing: Showing): TextObject[] {
  const pieces: TextObject[] = [];
  let run = '';
  const endRun = () => {
    if (run.trim() !== '') pieces.push(markup(run));
    run = '';
  };
  for (const inline of Array.isArray(text) ? text : [text as Inline]) {
    const written = marked(inline, showing);
    if (written !== undefined && run.length + written.length <= most.field) {
      run += written;
      continue;
    }
    endRun();
    if (plain(inline).trim() !== '') pieces.push(unmarked(plain(inline), most.field));
  }
  endRun();
  return pieces.length > most.smallPieces ? [unmarked(plain(text), most.field)] : pieces;
}

/** One text object: with markup when nothing in it can be mistaken, plain otherwise. */
export function fieldText(name: string, value: Text, showing: Showing): TextObject {
  const title = marked({ b: name }, showing);
  const pieces = (Array.isArray(value) ? value : [value as Inline]).map((piece) => marked(piece, showing));
  if (title !== undefined && pieces.every((piece) => piece !== undefined)) {
    const text = `${title}\n${pieces.join('') || '–'}`;
    if (text.length <= most.field) return markup(text);
  }
  return unmarked(`${name}\n${plain(value)}`, most.field);
}

export function unmarked(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: filled(text, max), emoji: false };
}

/** Slack's own escaping: these three and no others. */
export function escaped(text: string): string {
  return text.toWellFormed().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Verbatim: Slack makes no links or mentions of its own out of it. */
const markup = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });

/** A piece in Slack's markup; undefined when it holds what that would misread. */
function marked(piece: Inline, showing: Showing): string | undefined {
  if (typeof piece === 'string') return mistakable(piece) ? undefined : escaped(piece);
  if ('b' in piece) {
    const solid = piece.b.trim() === piece.b && piece.b !== '' && !piece.b.includes('\n') && !mistakable(piece.b);
    return solid ? `*${escaped(piece.b)}*` : undefined;
  }
  if ('code' in piece) return /^$|[`\n]/.test(piece.code) ? undefined : `\`${escaped(showing.typed(piece.code))}\``;
  if ('at' in piece) {
    const { timestamp, format, fallback } = moment(piece.at);
    return `<!date^${timestamp}^${format}|${fallback}>`;
  }
  if ('who' in piece) {
    const user = showing.mentions ? userIn(showing.team, piece.who) : undefined;
    return user ? `<@${user}>` : marked(`@${piece.name}`, showing);
  }
  const url = linkable(piece.href);
  if (url === undefined) return marked(piece.link, showing);
  return /^$|[|*_~`\n]/.test(piece.link) || /[|>]/.test(url) ? undefined : `<${escaped(url)}|${escaped(piece.link)}>`;
}

/** Whether Slack would read formatting, a quote or an emoji out of it. */
const mistakable = (text: string) => /[*~`>]|(^|\W)_|_(\W|$)|:[\w+'-]+:/.test(text);
