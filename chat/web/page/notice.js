import { byId } from '../../../base/page/dom.js';

/** @typedef {import('#chat/web/store.ts').WebMessage} Message */

/** Reads a sentence to those who listen to the page. @param {string} sentence */
export function announce(sentence) {
  byId('announcer').textContent = sentence;
}

/** Reads a card when it is new or its sentence changed; its steps in between would be too much. @param {Message} message @param {Message | undefined} known */
export function announceCard({ content, to }, known) {
  if (content.kind !== 'card') return;
  if (known?.content.kind === 'card' && known.content.card.fallback === content.card.fallback) return;
  announce(`${to === undefined ? '' : 'Only for you: '}${content.card.fallback}`);
}

const title = document.title;
let unread = 0;
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  unread = 0;
  document.title = title;
});

/** Counts in the tab's title what came while nobody looked. */
export function noteUnread() {
  if (!document.hidden) return;
  unread += 1;
  document.title = `(${unread}) ${title}`;
}
