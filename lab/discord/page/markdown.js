import { el } from '../../../base/page/dom.js';

/** @typedef {{ people: ReadonlyMap<string, string>, roles: ReadonlyMap<string, string>, channels: ReadonlyMap<string, string> }} Names */

/** Blocks: fences, headings, small print, quotes, lists, lines. @param {string} text @param {Names} names */
export function markdown(text, names) {
  const parts = text.split(/```(?:[a-z]+\n)?([\s\S]*?)```/);
  return parts.flatMap((part, place) => {
    if (place % 2 === 1) return [el('pre', {}, part.replace(/^\n|\n$/g, ''))];
    const lines = part.replace(/^\n|\n$/g, '');
    return lines === '' ? [] : lines.split('\n').map((line) => drawLine(line, names));
  });
}

/** @param {string} line @param {Names} names */
function drawLine(line, names) {
  const heading = /^(#{1,3}) (.*)$/.exec(line);
  if (heading) return el(`h${heading[1]?.length ?? 3}`, {}, ...inline(heading[2] ?? '', names));
  if (line.startsWith('-# ')) return el('p.small', {}, ...inline(line.slice(3), names));
  if (line.startsWith('> ')) return el('blockquote', {}, ...inline(line.slice(2), names));
  if (/^[-*] /.test(line)) return el('p.item', {}, ...inline(line.slice(2), names));
  return el('p', {}, ...inline(line, names));
}

const pieces =
  /\\([\\*_~`>|<#@:[\]()-])|`([^`]+)`|\*\*(.+?)\*\*|~~(.+?)~~|(?<![\w*])[*_](.+?)[*_](?!\w)|<@!?(\d+)>|<@&(\d+)>|<#(\d+)>|<t:(\d+)(?::\w)?>|\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)|<?(https?:\/\/[^\s<>]+)>?/gu;

/** @param {string} text @param {Names} names @returns {(Node | string)[]} */
function inline(text, names) {
  /** @type {(Node | string)[]} */
  const found = [];
  let last = 0;
  for (const match of text.matchAll(pieces)) {
    found.push(text.slice(last, match.index), drawPiece(match, names));
    last = match.index + match[0].length;
  }
  return [...found, text.slice(last)];
}

/** @param {RegExpMatchArray} match @param {Names} names @returns {Node | string} */
function drawPiece([, escaped, code, bold, struck, slanted, user, role, channel, at, label, href, url], names) {
  if (escaped !== undefined) return escaped;
  if (code !== undefined) return el('code', {}, code);
  if (bold !== undefined) return el('b', {}, ...inline(bold, names));
  if (struck !== undefined) return el('s', {}, ...inline(struck, names));
  if (slanted !== undefined) return el('i', {}, ...inline(slanted, names));
  if (user !== undefined) return el('span.mention', {}, `@${names.people.get(user) ?? 'unknown-user'}`);
  if (role !== undefined) return el('span.mention', {}, `@${names.roles.get(role) ?? 'deleted-role'}`);
  if (channel !== undefined) return el('span.mention', {}, `#${names.channels.get(channel) ?? 'No Access'}`);
  if (at !== undefined) return el('time', { 'data-at': Number(at) * 1000 }, relative(Number(at) * 1000));
  return el('a', { href: href ?? url ?? '', target: '_blank', rel: 'noopener' }, label ?? url ?? '');
}

/** `in 5 minutes`, `2 hours ago`. @param {number} at ms since the epoch */
export function relative(at) {
  const seconds = (at - Date.now()) / 1000;
  /** @type {[Intl.RelativeTimeFormatUnit, number][]} */
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ];
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.trunc(seconds / length), unit);
}
