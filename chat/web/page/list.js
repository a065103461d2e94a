import { dayOf } from './clock.js';

/** @typedef {import('#chat/web/store.ts').WebMessage} Message */

/**
 * Messages in the order of their ids, in a box that stays at its end unless somebody scrolled up.
 * @param {HTMLElement} list @param {HTMLElement} box @param {(message: Message, old?: HTMLElement) => HTMLElement} draw
 */
export function makeList(list, box, draw) {
  /** @type {Map<string, { message: Message, node: HTMLElement }>} */
  const known = new Map();
  let stuck = true;
  let top = 0;
  let height = 0;
  box.addEventListener('scroll', noteScroll, { passive: true });
  const keepEnd = new ResizeObserver(() => stuck && toEnd());
  keepEnd.observe(list);
  keepEnd.observe(box);

  return {
    /** Whether the newest message is in view. */
    atEnd: () => stuck,
    toEnd,
    get size() {
      return known.size;
    },
    /** @param {string} id */
    get: (id) => known.get(id)?.message,
    /** Adds or changes a message; answers false when what is known is as new. @param {Message} message */
    put(message) {
      const old = known.get(message.id);
      if (old && old.message.revision > message.revision) return false;
      if (old && old.message.revision === message.revision && old.message.replies >= message.replies) return false;
      const node = draw(message, old?.node);
      known.set(message.id, { message, node });
      if (!old) insert(message, node);
      return true;
    },
    /** @param {string} id */
    remove(id) {
      known.get(id)?.node.remove();
      known.delete(id);
    },
    /** Leaves only these, all of them up to date. @param {readonly Message[]} messages */
    set(messages) {
      const ids = new Set(messages.map(({ id }) => id));
      for (const id of [...known.keys()]) if (!ids.has(id)) this.remove(id);
      for (const message of messages) this.put(message);
    },
  };

  /** @param {Message} message @param {HTMLElement} node */
  function insert(message, node) {
    node.dataset.id = message.id;
    node.dataset.at = String(message.at);
    let before = list.lastElementChild;
    while (before instanceof HTMLElement && Number(before.dataset.id) > Number(message.id))
      before = before.previousElementSibling;
    if (before) before.after(node);
    else list.prepend(node);
    markDay(node);
    if (node.nextElementSibling instanceof HTMLElement) markDay(node.nextElementSibling);
  }

  /** Only a person scrolls up while nothing grows or shrinks. */
  function noteScroll() {
    if (box.scrollHeight - box.scrollTop - box.clientHeight < 40) stuck = true;
    else if (box.scrollTop < top && box.scrollHeight === height) stuck = false;
    top = box.scrollTop;
    height = box.scrollHeight;
  }

  function toEnd() {
    stuck = true;
    box.scrollTop = box.scrollHeight;
  }
}

/** The first message of a day says which day it is. @param {HTMLElement} node */
function markDay(node) {
  const before = node.previousElementSibling;
  const day = dayOf(Number(node.dataset.at));
  if (before instanceof HTMLElement && dayOf(Number(before.dataset.at)) === day) delete node.dataset.day;
  else node.dataset.day = day;
}
