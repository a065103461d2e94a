import { byId, el, fill } from '../../../base/page/dom.js';
import { ApiError } from './api.js';
import { newId } from './prompt.js';

/** @typedef {import('#chat/form.ts').Form} Form */
/** @typedef {import('#chat/form.ts').Field} Field */
/** @typedef {Record<string, string | true>} Values */

/**
 * Shows a form until it was taken or closed. What was typed stays when it is refused, with what is wrong beside each field.
 * @param {Form} form
 * @param {object} hands
 * @param {(id: string, values: Values) => Promise<Record<string, string> | undefined>} hands.send answers complaints
 * @param {(field: string, typed: string) => Promise<readonly import('#chat/platform.ts').Word[]>} hands.ask
 */
export function showForm(form, { send, ask }) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('form'));
  const before = document.activeElement;
  const rows = new Map(form.fields.map((field) => [field.name, drawField(field, ask)]));
  const whole = el('p.complaint', { role: 'alert', hidden: true });
  const button = el('button.primary', { type: 'submit' }, form.send);
  const body = el(
    'form',
    { method: 'dialog', autocomplete: 'off', submit: onSubmit },
    el('h2', { id: 'form-title' }, form.title),
    form.about !== undefined && el('p', {}, form.about),
    el('div.form-fields', {}, ...[...rows.values()].map(({ row }) => row)),
    whole,
    el('menu', {}, el('button', { type: 'button', click: () => dialog.close() }, 'Cancel'), button),
  );
  fill(dialog, body);
  // The same values sent again after a lost answer keep their id, so that they count once.
  let attempt = { json: '', id: '' };
  dialog.addEventListener('close', () => goOnAt(before), { once: true });
  dialog.showModal();

  /** @param {Event} event */
  function onSubmit(event) {
    event.preventDefault();
    void submit();
  }

  async function submit() {
    if (button.hasAttribute('aria-disabled')) return;
    /** @type {Values} */
    const values = {};
    for (const [name, { read }] of rows) {
      const value = read();
      if (value !== '') values[name] = value;
    }
    const json = JSON.stringify(values);
    if (attempt.json !== json) attempt = { json, id: newId() };
    button.setAttribute('aria-disabled', 'true');
    try {
      const complaints = await send(attempt.id, values);
      if (complaints) complain(complaints);
      else dialog.close();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) dialog.close();
      complain({ '': /** @type {Error} */ (error).message });
    }
    button.removeAttribute('aria-disabled');
  }

  /** @param {Record<string, string>} complaints */
  function complain(complaints) {
    for (const [name, { wrong }] of rows) wrong(complaints[name] ?? '');
    const rest = Object.entries(complaints).filter(([name]) => !rows.has(name));
    whole.textContent = rest.map(([, sentence]) => sentence).join(' ');
    whole.hidden = whole.textContent === '';
    const first = body.querySelector('[aria-invalid="true"]');
    if (first instanceof HTMLElement) first.focus();
  }
}

/** Gives the focus back to what opened the form; to the command line when that is gone. @param {Element | null} opener */
function goOnAt(opener) {
  const next = opener instanceof HTMLElement && opener !== document.body && opener.isConnected ? opener : byId('line');
  next.focus();
}

/** @param {Field} field @param {(field: string, typed: string) => Promise<readonly import('#chat/platform.ts').Word[]>} ask */
function drawField(field, ask) {
  const id = `field-${field.name}`;
  const input = drawInput(field, id, ask);
  const about = el('small', { id: `${id}-about` }, field.about);
  const complaint = el('p.complaint', { id: `${id}-wrong`, role: 'alert', hidden: true });
  input.setAttribute('aria-describedby', `${id}-about ${id}-wrong`);
  const label = el('label', { for: id }, field.label, field.required && el('span.required', {}, ' needed'));
  const list = field.kind === 'word' && el('datalist', { id: `${id}-words` });
  const row =
    field.kind === 'flag'
      ? el('div.form-row.flag', {}, input, label, about, complaint)
      : el('div.form-row', {}, label, about, input, list, complaint);
  return {
    row,
    /** @returns {string | true} */
    read() {
      if (input instanceof HTMLInputElement && input.type === 'checkbox') return input.checked ? true : '';
      return /** @type {HTMLInputElement} */ (input).value.trim();
    },
    /** @param {string} sentence */
    wrong(sentence) {
      complaint.textContent = sentence;
      complaint.hidden = sentence === '';
      input.setAttribute('aria-invalid', String(sentence !== ''));
    },
  };
}

/** @param {Field} field @param {string} id @param {(field: string, typed: string) => Promise<readonly import('#chat/platform.ts').Word[]>} ask */
function drawInput({ name, kind, required, choices = [], initial = '', max }, id, ask) {
  const common = { id, name, required };
  if (kind === 'flag') return el('input', { id, name, type: 'checkbox', checked: initial === 'true' });
  if (kind === 'long') return el('textarea', { ...common, rows: 4, maxlength: max }, initial);
  if (kind === 'choice') {
    const none = required ? [] : [''];
    const options = [...none, ...choices].map((choice) =>
      el('option', { value: choice, selected: choice === initial }, choice === '' ? '–' : choice),
    );
    return el('select', common, ...options);
  }
  const input = el('input', { ...common, type: 'text', value: initial, maxlength: max, spellcheck: 'false' });
  if (kind === 'word') offerWords(/** @type {HTMLInputElement} */ (input), (typed) => ask(name, typed));
  return input;
}

/** @param {HTMLInputElement} input @param {(typed: string) => Promise<readonly import('#chat/platform.ts').Word[]>} ask */
function offerWords(input, ask) {
  input.setAttribute('list', `${input.id}-words`);
  const update = async () => {
    // Words are a courtesy: without them the field takes what is typed.
    const words = await ask(input.value).catch(() => []);
    const list = document.getElementById(`${input.id}-words`);
    if (list) fill(list, ...words.map(({ word, about }) => el('option', { value: word }, about)));
  };
  input.addEventListener('input', () => void update());
  input.addEventListener('focus', () => void update(), { once: true });
}
