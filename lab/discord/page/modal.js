import { el, fill } from '../../../base/page/dom.js';
import { markdown } from './markdown.js';

/** @typedef {import('../message.ts').Component} Component */
/** @typedef {{ title: string, components: readonly Component[] }} Modal */
/** @typedef {{ label: string, value: string, description?: string, default?: boolean }} Choice */

/**
 * Opens the form before the person, or closes it.
 * @param {HTMLDialogElement} dialog @param {Modal | undefined} modal @param {import('./markdown.js').Names} names
 * @param {(doing: Record<string, unknown>) => Promise<unknown>} act
 */
export function showModal(dialog, modal, names, act) {
  const json = JSON.stringify(modal ?? null);
  if (dialog.dataset.shown === json) return;
  dialog.dataset.shown = json;
  if (!modal) return dialog.close();
  const close = () => act({ do: 'close' });
  const form = /** @type {HTMLFormElement} */ (
    el(
      'form',
      { method: 'dialog' },
      el(
        'header',
        {},
        el('h2', {}, modal.title),
        el('button.away', { type: 'button', 'aria-label': 'Close', click: close }, '✕'),
      ),
      ...modal.components.map((component) => drawField(component, names)),
      el(
        'footer',
        {},
        el('button.button.plain', { type: 'button', click: close }, 'Cancel'),
        el('button.button.primary', {}, 'Submit'),
      ),
    )
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    act({ do: 'fill', values: valuesOf(form) });
  });
  dialog.addEventListener('cancel', close, { once: true });
  fill(dialog, form);
  if (!dialog.open) dialog.showModal();
}

/** @param {Component} outer @param {import('./markdown.js').Names} names */
function drawField(outer, names) {
  if (outer.type === 10) return el('div.text', {}, ...markdown(outer.content ?? '', names));
  const inner = outer.component ?? outer.components?.[0];
  if (!inner) return el('div');
  const required = inner.required !== false && inner.type !== 23;
  return el(
    'label.field',
    {},
    el('b', {}, String(outer.label ?? inner.label ?? ''), required && el('span.required', {}, ' *')),
    outer.description ? el('small', {}, String(outer.description)) : null,
    drawInput(inner, required),
  );
}

/** @param {Component} inner @param {boolean} required */
function drawInput(inner, required) {
  const name = inner.custom_id ?? '';
  const choices = /** @type {Choice[]} */ (inner.options ?? []);
  if (inner.type === 4) {
    const props = {
      name,
      required,
      placeholder: String(inner.placeholder ?? ''),
      minlength: typeof inner.min_length === 'number' ? inner.min_length : undefined,
      maxlength: typeof inner.max_length === 'number' ? inner.max_length : 4000,
    };
    const value = String(inner.value ?? '');
    return inner.style === 2
      ? el('textarea', { ...props, rows: 4 }, value)
      : el('input', { ...props, type: 'text', value });
  }
  if (inner.type === 23) return el('input', { name, type: 'checkbox', checked: inner.default === true });
  if (inner.type === 21 || inner.type === 22) {
    const type = inner.type === 21 ? 'radio' : 'checkbox';
    const boxes = choices.map((one) =>
      el(
        'label.choice',
        {},
        el('input', { name, type, value: one.value, checked: one.default === true, 'data-many': inner.type === 22 }),
        one.label,
      ),
    );
    return el('div', {}, ...boxes);
  }
  const options = choices.map((one) => el('option', { value: one.value, selected: one.default === true }, one.label));
  return el(
    'select',
    { name, required, multiple: Number(inner.max_values ?? 1) > 1 },
    required ? null : el('option', { value: '' }, ''),
    ...options,
  );
}

/** By custom id: text, whether a box is ticked, or a list of what was picked. @param {HTMLFormElement} form */
function valuesOf(form) {
  /** @type {Record<string, string | boolean | string[]>} */
  const values = {};
  for (const field of form.elements) {
    if (field instanceof HTMLSelectElement)
      values[field.name] = [...field.selectedOptions].map(({ value }) => value).filter(Boolean);
    else if (field instanceof HTMLTextAreaElement) values[field.name] = field.value;
    else if (!(field instanceof HTMLInputElement)) continue;
    else if (field.type === 'radio') values[field.name] = field.checked ? [field.value] : (values[field.name] ?? []);
    else if (field.dataset.many !== undefined) {
      const before = values[field.name];
      values[field.name] = [...(Array.isArray(before) ? before : []), ...(field.checked ? [field.value] : [])];
    } else values[field.name] = field.type === 'checkbox' ? field.checked : field.value;
  }
  return values;
}
