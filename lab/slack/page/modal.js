import { byId, el, fill } from '../../../base/page/dom.js';
import { drawBlocks } from './blocks.js';
import { valuesIn } from './inputs.js';
import { notice } from './notice.js';
import { act } from './store.js';

let drawn = '';

/** Shows the form on top, or none. What is being typed stays until the form becomes another. @param {import('./store.js').State} state */
export function drawModal(state) {
  const view = state.views.at(-1);
  const mark = view ? `${view.id} ${view.hash} ${JSON.stringify(view.errors)}` : '';
  if (mark === drawn) return;
  drawn = mark;
  const overlay = byId('overlay');
  overlay.hidden = !view;
  if (!view) return fill(overlay);
  const inside = el('div.modal-body', {}, ...drawBlocks(view.blocks, state, { view: view.id, shown: view }));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const shown = await act('submit', { view: view.id, values: valuesIn(inside) });
    // What the app found wrong stands at the fields themselves.
    if (shown.error || !shown.payload) notice(shown);
  };
  const close = () => void act('close', { view: view.id });
  fill(
    overlay,
    el(
      'form.modal',
      { role: 'dialog', 'aria-label': view.title?.text ?? '', submit, autocomplete: 'off' },
      el(
        'header',
        {},
        el('h2', {}, view.title?.text ?? ''),
        el('button.plain', { type: 'button', 'aria-label': 'Close', click: close }, '✕'),
      ),
      inside,
      el(
        'footer',
        {},
        el('button.press', { type: 'button', click: close }, view.close?.text ?? 'Cancel'),
        view.submit && el('button.press.primary', { type: 'submit' }, view.submit.text),
      ),
    ),
  );
  /** @type {HTMLElement | null} */ (inside.querySelector('input, textarea, select'))?.focus();
}
