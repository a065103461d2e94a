import { type Inline, plain, type Text } from '#base/card.ts';
import { clip } from '../../clip.ts';

/** A zero-width space: parts what would be read together, and is not seen. */
const gap = '\u200B';

/** Text that means nothing to Discord: no mention, emoji, link, heading, list or emphasis can come of it. */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\\*_~`|<>[\]()#@]|:(?=[\w/+-])/g, (mark) => `\\${mark}`)
    .replace(/\\@(?=everyone|here)/g, `\\@${gap}`)
    .replace(/^(\s*)([-+]|\d+\.)(?=\s)/gm, `$1${gap}$2`);
}

/** Text between backticks, which nothing inside can end. */
export function code(text: string): string {
  const inside = text
    .toWellFormed()
    .replaceAll('`', 'ˋ')
    .replace(/\s*\n\s*/g, ' ');
  return inside.trim() === '' ? '` `' : `\`${inside}\``;
}

/** A block of code, which nothing inside can end. */
export function fenced(text: string): string {
  return `\`\`\`\n${text.toWellFormed().replaceAll('```', `\`${gap}\`\``)}\n\`\`\``;
}

/** A text with its formatting. People of Discord become mentions, which tell nobody unless the message's `allowed_mentions` says so. */
export function markdown(text: Text): string {
  let left = mostText;
  let written = '';
  for (const inline of Array.isArray(text) ? text : [text as Inline]) {
    if (left <= 0) break;
    const cut = shortened(inline, left);
    left -= plain(cut).length;
    written += piece(cut);
  }
  return written;
}

/** Of one text in a message; what is longer is a file, or nobody reads it. */
const mostText = 1500;

function shortened(inline: Inline, max: number): Inline {
  if (typeof inline === 'string') return clip(inline, max);
  if ('b' in inline) return { b: clip(inline.b, max) };
  return 'code' in inline ? { code: clip(inline.code, max) } : inline;
}

function piece(inline: Inline): string {
  if (typeof inline === 'string') return escaped(inline);
  if ('b' in inline) return inline.b.trim() === '' ? escaped(inline.b) : `**${escaped(inline.b)}**`;
  if ('code' in inline) return code(inline.code);
  if ('at' in inline) return `<t:${Math.floor(inline.at / 1000)}:R>`;
  if ('who' in inline) return userIn(inline.who) ? `<@${userIn(inline.who)}>` : escaped(`@${inline.name}`);
  return /^https?:\/\/[^\s<>()]+$/.test(inline.href)
    ? `[${escaped(inline.link)}](${inline.href})`
    : escaped(inline.link);
}

/** The words of a line that {@link markdown} wrote. */
export function unformatted(line: string): string {
  return line
    .replace(/^#+ |<[^<>\\]*>/g, '')
    .replace(/\\([^A-Za-z0-9\s])|[*`\u200B]/g, '$1')
    .trim();
}

/** Discord's id of an account: `discord:900…` → `900…`. */
export function userIn(account: string): string | undefined {
  return /^discord:(\d+)$/.exec(account)?.[1];
}
