import { el, patch } from '../../../base/page/dom.js';
import { drawBlocks, drawCard } from './card.js';
import { timeOfDay } from './clock.js';
import { drawLine } from './text.js';

/** @typedef {import('#chat/web/store.ts').WebMessage} Message */
/** @typedef {import('#base/card.ts').Button} Button */
/**
 * What can be done to a message.
 * @typedef {object} Hands
 * @property {(message: Message, action: Button) => Promise<boolean>} press
 * @property {(message: Message) => void} openThread
 * @property {(message: Message) => void} dismiss
 * @property {(line: string) => void} retype
 * @property {(card: import('#base/card.ts').Card) => boolean} calls whether a card calls the one who looks
 */

/**
 * Draws a message of the channel, or brings the one that is there up to date.
 * @param {Message} message @param {Hands} hands @param {HTMLElement} [old]
 */
export function drawMessage(message, hands, old) {
  const { content } = message;
  if (content.kind === 'typed') return drawTyped(message, content, hands, old);
  const node = old ?? el('li.message.from-bot', {}, drawHead(message, hands, content.card));
  const card = /** @type {HTMLElement | null} */ (node.querySelector('.card'));
  const fresh = drawCard(
    content.card,
    (action) => hands.press(message, action),
    card ?? undefined,
    message.to !== undefined,
  );
  if (!card) node.append(fresh, el('div.foot'));
  node.classList.toggle('private', message.to !== undefined);
  node.classList.toggle('pinged', hands.calls(content.card));
  const foot = node.querySelector('.foot');
  if (foot)
    patch(foot, message.replies > 0 ? [message.replies] : [], (replies) => threadButton(message, replies, hands));
  return node;
}

/** @param {Message} message @param {Hands} hands @param {import('#base/card.ts').Card} card */
function drawHead(message, hands, card) {
  const name = el('b', {}, 'Botswain');
  const time = drawTime(message.at);
  const anchor = el('img.avatar', { src: '/favicon.svg', alt: '', width: 28, height: 28 });
  const calling = hands.calls(card) && el('span.only', {}, 'Calls you');
  if (message.to === undefined) return el('header', {}, anchor, name, time, calling);
  const only = el('span.only', {}, 'Only you see this');
  const away = el(
    'button.quiet',
    { type: 'button', 'aria-label': 'Dismiss', click: () => hands.dismiss(message) },
    '✕',
  );
  return el('header', {}, anchor, name, time, only, away);
}

/** @param {Message} message @param {{ text: string, state: string }} content @param {Hands} hands @param {HTMLElement} [old] */
function drawTyped({ by, at }, { text, state }, hands, old) {
  const name = by?.name ?? '?';
  const again = el(
    'button.quiet',
    {
      type: 'button',
      'aria-label': 'Put this line into the command line',
      title: 'Edit and send again',
      click: () => hands.retype(text),
    },
    '✎',
  );
  const node =
    old ??
    el(
      'li.message.from-person',
      {},
      el('header', {}, drawAvatar(name), el('b', {}, name), drawTime(at), again),
      el('p.line', {}, ...drawLine(text)),
    );
  node.classList.toggle('sending', state === 'sending');
  return node;
}

/** @param {Message} message @param {number} replies @param {Hands} hands */
function threadButton(message, replies, hands) {
  const text = `${replies} ${replies === 1 ? 'message' : 'messages'} in the thread`;
  return el(
    'button.quiet.to-thread',
    { type: 'button', click: () => hands.openThread(message) },
    text,
    el('span', { 'aria-hidden': 'true' }, ' →'),
  );
}

/** A message in a thread: its time and what it says, without a frame. @param {Message} message @param {Hands} hands @param {HTMLElement} [old] */
export function drawReply(message, hands, old) {
  const { content, at, by, to } = message;
  const node = old ?? el('li.reply', {}, drawTime(at, true), el('div.blocks'));
  node.classList.toggle('private', to !== undefined);
  const [, blocks] = node.children;
  if (!blocks) return node;
  if (content.kind === 'typed') {
    blocks.replaceChildren(el('p.line', {}, el('b', {}, `${by?.name ?? '?'} `), ...drawLine(content.text)));
    return node;
  }
  node.dataset.tone = content.card.tone;
  drawBlocks(blocks, content.card.blocks, (action) => hands.press(message, action));
  return node;
}

/** @param {string} name */
export function drawAvatar(name) {
  const node = el('span.avatar', { 'aria-hidden': 'true' }, [...name][0]?.toUpperCase() ?? '?');
  const hue = [...name].reduce((sum, letter) => (sum + (letter.codePointAt(0) ?? 0) * 47) % 360, 0);
  node.style.setProperty('--hue', String(hue));
  return node;
}

/** @param {number} at @param {boolean} [seconds] */
function drawTime(at, seconds = false) {
  return el(
    'time',
    { datetime: new Date(at).toISOString(), title: new Date(at).toLocaleString() },
    timeOfDay(at, seconds),
  );
}
