import { el } from '../../../base/page/dom.js';

/** @typedef {import('#base/card.ts').Text} Text */
/** @typedef {import('#base/card.ts').Inline} Inline */

/** Names of people by their key. @type {Map<string, string>} */
export const names = new Map();

/** A text as nodes. @param {Text} text @returns {(Node | string)[]} */
export function drawText(text) {
  return (Array.isArray(text) ? text : [text]).map(drawInline);
}

/** @param {Inline} piece @returns {Node | string} */
function drawInline(piece) {
  if (typeof piece === 'string') return piece;
  if ('b' in piece) return el('b', {}, piece.b);
  if ('code' in piece) return el('code', {}, piece.code);
  if ('who' in piece) return el('span.who', {}, `@${names.get(piece.who) ?? piece.name}`);
  if ('at' in piece) return el('time', { 'data-when': piece.at, title: new Date(piece.at).toLocaleString() });
  // Anything else, such as javascript:, is shown and does nothing.
  if (!/^https?:\/\//i.test(piece.href)) return piece.link;
  return el('a', { href: piece.href, target: '_blank', rel: 'noopener noreferrer' }, piece.link);
}

/** A text without its formatting. @param {Text} text @returns {string} */
export function plain(text) {
  return drawText(text)
    .map((node) => (typeof node === 'string' ? node : node.textContent))
    .join('');
}

/** A typed line with its words in their colours. @param {string} line @returns {Node[]} */
export function drawLine(line) {
  let path = line.startsWith('/');
  return line.split(/(\s+)/).map((word, i) => {
    const kind = /^[-—–]/.test(word) ? 'flag' : path && (i === 0 || /^[a-z]+$/.test(word)) ? 'path' : 'word';
    if (i >= 2) path = false;
    return /^\s*$/.test(word) ? document.createTextNode(word) : el(`span.${kind}`, {}, word);
  });
}
