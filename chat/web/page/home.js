import { byId, fill } from '../../../base/page/dom.js';
import { drawCard } from './card.js';

const againMs = 10_000;

/**
 * The home view: what waits for this person, and what is theirs. Drawn again while it is open.
 * @param {object} options
 * @param {() => Promise<import('#base/card.ts').Card>} options.read
 * @param {import('./actions.js').Press} options.press
 * @param {(error: Error) => void} options.complain
 * @param {AbortSignal} options.signal
 */
export function makeHome({ read, press, complain, signal }) {
  const box = byId('home');
  /** @type {HTMLElement | undefined} */
  let card;
  const timer = setInterval(() => void (box.hidden || document.hidden || refresh()), againMs);
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    close();
  });
  return { toggle: () => (box.hidden ? open() : close()), close, refresh };

  async function open() {
    box.hidden = false;
    byId('home-open').setAttribute('aria-expanded', 'true');
    await refresh();
  }

  function close() {
    box.hidden = true;
    card = undefined;
    byId('home-open').setAttribute('aria-expanded', 'false');
  }

  async function refresh() {
    if (box.hidden) return;
    try {
      const fresh = await read();
      card = drawCard(fresh, pressThenLook, card);
      if (card.parentElement !== box) fill(box, card);
    } catch (error) {
      close();
      if (!signal.aborted) complain(/** @type {Error} */ (error));
    }
  }

  /** @type {import('./actions.js').Press} */
  async function pressThenLook(action) {
    const taken = await press(action);
    await refresh();
    return taken;
  }
}
