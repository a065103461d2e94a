import { el } from '../../../base/page/dom.js';
import { act } from './store.js';

/** @typedef {import('./store.js').Block} Block @typedef {import('./blocks.js').Stand} Stand */

/**
 * An input of a modal. Its value is read from the form by {@link valuesIn}.
 * @param {Block} block @param {Stand} stand @returns {Node}
 */
export function input(block, stand) {
  const error = stand.shown?.errors[block.block_id ?? ''];
  const known = stand.shown?.state.values[block.block_id ?? '']?.[block.element.action_id];
  return el(
    'div.input',
    { 'data-block': block.block_id, 'data-kind': block.element.type },
    el('label', {}, block.label.text, block.optional ? el('span.optional', {}, ' (optional)') : ''),
    control(block, known, stand),
    block.hint && el('p.hint', {}, block.hint.text),
    error && el('p.error', { role: 'alert' }, error),
  );
}

/** @param {Block} block @param {any} known what stands in it already @param {Stand} stand @returns {Node} */
function control(block, known, stand) {
  const one = block.element;
  const label = { 'aria-label': block.label.text };
  switch (one.type) {
    case 'static_select':
    case 'radio_buttons': {
      const chosen = (known?.selected_option ?? one.initial_option)?.value;
      return el(
        'select',
        label,
        el('option', { value: '' }, one.placeholder?.text ?? 'Choose'),
        ...one.options.map((/** @type {any} */ { text, value }) =>
          el('option', { value, selected: value === chosen }, text.text),
        ),
      );
    }
    case 'checkboxes': {
      const chosen = (known?.selected_options ?? one.initial_options ?? []).map(
        (/** @type {any} */ option) => option.value,
      );
      return el(
        'div.checks',
        {},
        ...one.options.map((/** @type {any} */ { text, value, description }) =>
          el(
            'label.check',
            {},
            el('input', { type: 'checkbox', value, checked: chosen.includes(value) }),
            el('span', {}, text.text, description && el('small', {}, description.text)),
          ),
        ),
      );
    }
    case 'external_select':
      return search(block, known, stand);
    default: {
      const value = known?.value ?? one.initial_value ?? '';
      if (one.multiline) return el('textarea', { ...label, rows: 5, maxlength: one.max_length }, value);
      return el('input', { ...label, value, maxlength: one.max_length, placeholder: one.placeholder?.text });
    }
  }
}

/** A list that the app fills as one types. @param {Block} block @param {any} known @param {Stand} stand */
function search(block, known, stand) {
  const one = block.element;
  const chosen = known?.selected_option ?? one.initial_option;
  const list = el('ul.offers', { role: 'listbox', hidden: true });
  const box = /** @type {HTMLInputElement} */ (
    el('input', {
      'aria-label': block.label.text,
      role: 'combobox',
      placeholder: one.placeholder?.text,
      value: chosen?.text.text ?? '',
    })
  );
  box.dataset.value = chosen?.value ?? '';
  const offer = async () => {
    box.dataset.value = '';
    const offers = await act('suggest', { view: stand.view, field: block.block_id, typed: box.value });
    list.hidden = false;
    list.replaceChildren(
      ...(Array.isArray(offers) ? offers : []).map((option) =>
        el(
          'li',
          { role: 'option', mousedown: () => take(option) },
          option.text.text,
          option.description && el('small', {}, option.description.text),
        ),
      ),
    );
    if (list.childElementCount === 0) list.append(el('li', { 'aria-disabled': true }, 'No results'));
  };
  const take = (/** @type {any} */ option) => {
    box.value = option.text.text;
    box.dataset.value = option.value;
    list.hidden = true;
  };
  box.addEventListener('input', () => void offer());
  box.addEventListener('focus', () => void offer());
  box.addEventListener('blur', () => {
    list.hidden = true;
  });
  return el('div.search', {}, box, list);
}

/**
 * What stands in a form's inputs, by block id.
 * @param {HTMLElement} form @returns {Record<string, string | string[] | null>}
 */
export function valuesIn(form) {
  const blocks = [...form.querySelectorAll('.input')];
  return Object.fromEntries(
    blocks.map((block) => {
      const { block: id = '', kind } = /** @type {HTMLElement} */ (block).dataset;
      const field = /** @type {HTMLInputElement} */ (block.querySelector('input, textarea, select'));
      if (kind === 'checkboxes')
        return [
          id,
          [...block.querySelectorAll('input:checked')].map((one) => /** @type {HTMLInputElement} */ (one).value),
        ];
      const value = kind === 'external_select' ? field.dataset.value : field.value;
      return [id, value || null];
    }),
  );
}
