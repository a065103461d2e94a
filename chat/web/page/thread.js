import { byId } from '../../../base/page/dom.js';
import { call } from './api.js';
import { makeList } from './list.js';
import { drawReply } from './message.js';
import { plain } from './text.js';

/** @typedef {import('#chat/web/store.ts').WebMessage} Message */

/**
 * The panel that shows one message's thread.
 * @param {import('./message.js').Hands} hands @param {(error: Error) => void} complain @param {AbortSignal} signal
 */
export function makeThread(hands, complain, signal) {
  const panel = byId('thread');
  const replies = makeList(byId('replies'), byId('thread-scroll'), (message, old) => drawReply(message, hands, old));
  /** @type {string | undefined} */
  let openId;
  /** @type {Element | null} */
  let cameFrom = null;
  byId('thread-close').addEventListener('click', close, { signal });
  panel.addEventListener('keydown', ({ key }) => key === 'Escape' && close(), { signal });
  close();

  return {
    close,
    /** @param {Message} message one of a thread, or one that has a thread */
    put(message) {
      if (message.id === openId) byId('thread-title').textContent = titleOf(message);
      if (message.thread !== undefined && message.thread === openId) replies.put(message);
    },
    /** @param {string} id */
    remove: (id) => replies.remove(id),
    /** Reads the open thread anew, after a break. */
    refresh: () => openId !== undefined && void read(openId),
    /** @param {Message} message the one whose thread it is */
    open(message) {
      cameFrom = document.activeElement;
      openId = message.id;
      replies.set([]);
      panel.hidden = false;
      byId('thread-title').textContent = titleOf(message);
      byId('thread-close').focus();
      void read(message.id);
    },
  };

  /** @param {string} id */
  async function read(id) {
    try {
      const found = await call('GET', `/api/threads?message=${id}`, undefined, signal);
      if (id !== openId) return;
      for (const reply of found.replies) replies.put(reply);
      replies.toEnd();
    } catch (error) {
      if (!signal.aborted) complain(/** @type {Error} */ (error));
    }
  }

  function close() {
    panel.hidden = true;
    openId = undefined;
    if (cameFrom instanceof HTMLElement) cameFrom.focus();
    cameFrom = null;
  }
}

/** @param {Message} message */
function titleOf({ content }) {
  if (content.kind === 'typed') return content.text;
  const title = content.card.blocks.find((block) => block.kind === 'title');
  return title?.kind === 'title' ? plain(title.text) : content.card.fallback;
}
