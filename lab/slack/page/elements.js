import { el } from '../../../base/page/dom.js';
import { ask } from './confirm.js';
import { notice } from './notice.js';
import { act } from './store.js';

/** @typedef {import('./store.js').Block} Block @typedef {import('./blocks.js').Stand} Stand */

/**
 * What can be pressed or picked in a block.
 * @param {Block} one @param {Block} block @param {Stand} stand @returns {Node}
 */
export function element(one, block, stand) {
  const where = { ts: stand.ts, view: stand.view, block: block.block_id, action: one.action_id };
  switch (one.type) {
    case 'button':
      return button(one, where);
    case 'static_select':
    case 'overflow':
      return menu(one, where);
    case 'image':
      return el('span.context', {}, `[${one.alt_text}]`);
    default:
      return el('span.context', {}, `[${one.type}]`);
  }
}

/** @param {Block} one @param {object} where */
function button(one, where) {
  const press = async () => {
    if (one.confirm && !(await ask(one.confirm))) return;
    // The app hears of presses of links too.
    if (one.url) window.open(one.url, '_blank', 'noopener');
    notice(await act('press', where));
  };
  return el(
    `button.press${one.style ? `.${one.style}` : ''}`,
    { type: 'button', click: () => void press() },
    one.text.text,
    one.url ? ' ↗' : '',
  );
}

/** @param {Block} one @param {object} where */
function menu(one, where) {
  const options = /** @type {any[]} */ (one.options ?? []);
  const list = el(
    'select',
    {
      'aria-label': one.placeholder?.text ?? 'More',
      change: async ({ target }) => {
        const option = /** @type {HTMLSelectElement} */ (target).value;
        if (!one.confirm || (await ask(one.confirm))) notice(await act('pick', { ...where, option }));
        /** @type {HTMLSelectElement} */ (target).value = one.initial_option?.value ?? '';
      },
    },
    el('option', { value: '', disabled: true, selected: !one.initial_option }, one.placeholder?.text ?? '⋯'),
    ...options.map(({ text, value }) =>
      el('option', { value, selected: one.initial_option?.value === value }, text.text),
    ),
  );
  return list;
}
