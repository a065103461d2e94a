import { el } from '../../../base/page/dom.js';
import { drawBlocks } from './blocks.js';
import { mrkdwn } from './mrkdwn.js';

/** @typedef {import('./store.js').State} State @typedef {import('./store.js').Message} Message */

/** @type {Readonly<Record<string, string>>} */
const emoji = { eyes: '👀', white_check_mark: '✅', x: '❌' };

/**
 * A message as it stands in a channel or a thread.
 * @param {Message} message @param {State} state @param {{ openThread?: () => void }} [options] @returns {HTMLElement}
 */
export function drawMessage(message, state, { openThread } = {}) {
  const author = state.users[message.user];
  const app = author?.bot ?? false;
  const name = app ? state.app.name : (author?.realName ?? message.user);
  const body =
    message.blocks.length > 0
      ? drawBlocks(message.blocks, state, { ts: message.ts })
      : [el('div.text', {}, ...mrkdwn(message.text, state))];
  return el(
    `article.message${message.onlyForMe ? '.only' : ''}`,
    { 'data-ts': message.ts },
    el(`div.avatar${app ? '.app' : ''}`, { 'aria-hidden': true, 'data-name': author?.name ?? '' }, name.slice(0, 1)),
    el(
      'div.body',
      {},
      el('div.only-note', { hidden: !message.onlyForMe }, '👁 Only visible to you'),
      el('div.by', {}, el('b', {}, name), app && el('span.badge', {}, 'APP'), el('time', {}, clock(message.at))),
      ...body,
      message.edited && el('span.edited', {}, '(edited)'),
      ...message.files.map((file) =>
        el(
          'a.file',
          { href: file.url_private, target: '_blank' },
          `📄 ${file.title}`,
          el('small', {}, ` ${file.size} bytes`),
        ),
      ),
      message.reactions.length > 0 &&
        el(
          'div.reactions',
          {},
          ...message.reactions.map(({ name: one, count }) => el('span', {}, `${emoji[one] ?? `:${one}:`} ${count}`)),
        ),
      openThread && el('button.replies', { type: 'button', click: openThread }, replies(message.replies)),
    ),
  );
}

/** @param {number} count */
function replies(count) {
  return count === 0 ? 'Reply in thread' : count === 1 ? '1 reply' : `${count} replies`;
}

/** @param {number} at */
function clock(at) {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}
