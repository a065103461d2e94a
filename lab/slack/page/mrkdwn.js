import { el } from '../../../base/page/dom.js';

/** @typedef {import('./store.js').State} State */

const marks =
  /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<!\w)_([^_\n]+)_(?!\w)|(?<!\w)~([^~\n]+)~(?!\w)/g;

/**
 * Slack's markup as nodes.
 * @param {string} text @param {State} state @returns {(Node | string)[]}
 */
export function mrkdwn(text, state) {
  /** @type {(Node | string)[]} */
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(marks)) {
    const [whole, block, code, angle, bold, italic, struck] = match;
    nodes.push(plain(text.slice(end, match.index)));
    if (block !== undefined) nodes.push(el('pre', {}, plain(block.trim())));
    else if (code !== undefined) nodes.push(el('code', {}, plain(code)));
    else if (angle !== undefined) nodes.push(special(angle, state));
    else if (bold !== undefined) nodes.push(el('b', {}, ...mrkdwn(bold, state)));
    else if (italic !== undefined) nodes.push(el('i', {}, ...mrkdwn(italic, state)));
    else if (struck !== undefined) nodes.push(el('s', {}, ...mrkdwn(struck, state)));
    end = match.index + whole.length;
  }
  nodes.push(plain(text.slice(end)));
  return nodes;
}

/** @param {string} inside what stands between `<` and `>` @param {State} state */
function special(inside, state) {
  const [what = '', label] = inside.split('|', 2);
  if (what.startsWith('@')) return mention(`@${state.users[what.slice(1)]?.name ?? label ?? what}`);
  if (what.startsWith('#'))
    return mention(`#${state.channels.find(({ id }) => id === what.slice(1))?.name ?? label ?? what}`);
  if (what.startsWith('!subteam^')) return mention(`@${state.groups[what.slice(9)] ?? label ?? what}`);
  if (what.startsWith('!date^')) return date(what.split('^'), plain(label ?? ''));
  if (what.startsWith('!')) return mention(`@${what.slice(1)}`);
  return link(what, plain(label ?? what));
}

/** @param {string} text */
export function mention(text) {
  return el('span.mention', {}, text);
}

/** Only addresses of pages become links. @param {string} url @param {string} text */
export function link(url, text) {
  return /^(https?|mailto):/.test(url) ? el('a', { href: url, target: '_blank', rel: 'noreferrer' }, text) : text;
}

/** @param {string[]} parts `!date`, seconds, format @param {string} fallback */
export function date([, seconds = '', format = ''], fallback) {
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime())) return fallback;
  /** @type {Record<string, () => string>} */
  const words = {
    date_num: () => at.toLocaleDateString('en-CA'),
    time: () => at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }),
    time_secs: () => at.toLocaleTimeString(),
    ago: () => ago(at),
  };
  const text = format.replace(/\{(\w+)\}/g, (_, name) => words[name]?.() ?? at.toLocaleDateString());
  return el('time', { datetime: at.toISOString(), title: at.toLocaleString() }, text);
}

/** @param {Date} at */
function ago(at) {
  const minutes = Math.round((at.getTime() - Date.now()) / 60_000);
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(minutes, 'minute');
}

/** @param {string} text */
function plain(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
