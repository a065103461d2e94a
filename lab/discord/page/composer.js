import { el, fill } from '../../../base/page/dom.js';
import { offers, readTyping } from './typing.js';

/** @typedef {import('./typing.js').Offer} Offer */
/**
 * @typedef {object} Composing
 * @property {() => import('../desk/view.ts').View['menu']} menu
 * @property {(text: string) => Promise<unknown>} send
 * @property {(command: string, option: string, typed: string, others: Record<string, string>) => Promise<{ name: string, value: string | number }[]>} suggest
 */

/** The line at the foot: words, or a command with what could stand next above it. @param {string} name @param {Composing} composing */
export function composer(name, { menu, send, suggest }) {
  const list = el('ul.offers', { role: 'listbox', hidden: true });
  const input = /** @type {HTMLInputElement} */ (
    el('input', { type: 'text', autocomplete: 'off', 'aria-label': `Message ${name}`, placeholder: `Message ${name}` })
  );
  /** @type {Offer[]} */
  let offered = [];
  let chosen = 0;
  let asked = 0;

  /** @param {Offer[]} next */
  function show(next) {
    offered = next;
    chosen = 0;
    list.hidden = next.length === 0;
    draw();
  }
  function draw() {
    const items = offered.map((offer, place) =>
      el(
        'li',
        { role: 'option', 'aria-selected': String(place === chosen), mousedown: (event) => take(event, offer) },
        el('b', {}, offer.label),
        el('span', {}, offer.about),
      ),
    );
    fill(list, ...items);
    items[chosen]?.scrollIntoView({ block: 'nearest' });
  }
  /** @param {Event} event @param {Offer} offer */
  function take(event, offer) {
    event.preventDefault();
    input.value = offer.line;
    input.focus();
    void look();
  }
  async function look() {
    asked += 1;
    const mine = asked;
    const line = input.value;
    if (!line.startsWith('/')) return show([]);
    const typing = readTyping(menu(), line);
    if (!typing?.option?.autocomplete) return show(offers(menu(), line));
    const { entry, option, typed, values, before } = typing;
    const { [option.name]: _, ...others } = values;
    const words = await suggest(entry.name, option.name, typed, others);
    if (mine === asked)
      show(words.map((word) => ({ label: word.name, about: option.description, line: `${before}${word.value} ` })));
  }
  /** @param {Event} pressed */
  async function key(pressed) {
    const event = /** @type {KeyboardEvent} */ (pressed);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const offer = offered[chosen];
    if (step !== undefined && offer) {
      event.preventDefault();
      chosen = (chosen + step + offered.length) % offered.length;
      draw();
    } else if (event.key === 'Tab' && offer) take(event, offer);
    else if (event.key === 'Escape') show([]);
    else if (event.key === 'Enter' && input.value.trim() !== '') {
      const text = input.value;
      input.value = '';
      show([]);
      if ((await send(text.trim())) === undefined && input.value === '') input.value = text;
    }
  }
  input.addEventListener('input', look);
  input.addEventListener('keydown', key);
  input.addEventListener('blur', () => show([]));
  return el('div.composer', {}, list, input);
}
