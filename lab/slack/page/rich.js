import { el } from '../../../base/page/dom.js';
import { date, link, mention } from './mrkdwn.js';

/** @typedef {import('./store.js').State} State */

/**
 * A part of a rich_text block.
 * @param {any} part @param {State} state @returns {Node | string}
 */
export function rich(part, state) {
  /** @type {(Node | string)[]} */
  const inside = (part.elements ?? []).map((/** @type {any} */ one) => rich(one, state));
  switch (part.type) {
    case 'rich_text':
      return el('div.rich', {}, ...inside);
    case 'rich_text_section':
      return el('div', {}, ...inside);
    case 'rich_text_preformatted':
      return el('pre', {}, ...inside);
    case 'rich_text_quote':
      return el('blockquote', {}, ...inside);
    case 'rich_text_list':
      return el(part.style === 'ordered' ? 'ol' : 'ul', {}, ...inside.map((one) => el('li', {}, one)));
    default:
      return styled(small(part, state), part.style ?? {});
  }
}

/** @param {any} part @param {State} state @returns {Node | string} */
function small(part, state) {
  switch (part.type) {
    case 'user':
      return mention(`@${state.users[part.user_id]?.name ?? part.user_id}`);
    case 'usergroup':
      return mention(`@${state.groups[part.usergroup_id] ?? part.usergroup_id}`);
    case 'channel':
      return mention(`#${state.channels.find(({ id }) => id === part.channel_id)?.name ?? part.channel_id}`);
    case 'broadcast':
      return mention(`@${part.range}`);
    case 'link':
      return link(part.url, part.text ?? part.url);
    case 'emoji':
      return part.unicode
        ? String.fromCodePoint(...part.unicode.split('-').map((/** @type {string} */ hex) => Number.parseInt(hex, 16)))
        : `:${part.name}:`;
    case 'date':
      return date(['', String(part.timestamp), part.format], part.fallback ?? '');
    default:
      return part.text ?? '';
  }
}

/** @param {Node | string} node @param {{ bold?: boolean, italic?: boolean, strike?: boolean, code?: boolean }} style */
function styled(node, { bold, italic, strike, code }) {
  let made = node;
  if (code) made = el('code', {}, made);
  if (strike) made = el('s', {}, made);
  if (italic) made = el('i', {}, made);
  if (bold) made = el('b', {}, made);
  return made;
}
