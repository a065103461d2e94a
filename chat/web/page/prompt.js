import { byId } from '../../../base/page/dom.js';
import { ApiError } from './api.js';
import { makeCompletions } from './completions.js';
import { openHistory } from './history.js';

/**
 * The command line. A line that was refused stays where it is.
 * @param {object} options
 * @param {string} options.person whose history the arrows show
 * @param {(text: string, id: string) => Promise<void>} options.send
 * @param {(line: string) => Promise<readonly import('#chat/platform.ts').Completion[]>} options.ask
 * @param {(error: Error) => void} options.complain
 * @param {AbortSignal} options.signal
 */
export function openPrompt({ person, send, ask, complain, signal }) {
  const input = /** @type {HTMLInputElement} */ (byId('line'));
  const form = byId('prompt');
  const history = openHistory(person);
  const completions = makeCompletions(input, ask, put);
  // The same line sent again after a lost answer keeps its id, so that it is done once.
  let attempt = { text: '', id: '' };
  let triedAt = '';

  form.addEventListener('submit', onSubmit, { signal });
  input.addEventListener('input', onInput, { signal });
  input.addEventListener('blur', () => completions.close(), { signal });
  input.addEventListener('keydown', (event) => onKey(event) && event.preventDefault(), { signal });
  document.addEventListener('keydown', focusOnTyping, { signal });
  document.addEventListener('use-line', (event) => put(/** @type {CustomEvent<string>} */ (event).detail), { signal });
  input.value = '';
  note('');
  input.focus();
  return { put, focus: () => input.focus() };

  /** Puts a line in, ready to be changed or sent. @param {string} line */
  function put(line) {
    const rest = completions.isOpen ? input.value.slice(input.selectionStart ?? input.value.length).trimStart() : '';
    input.value = line + rest;
    input.focus();
    input.setSelectionRange(line.length, line.length);
    input.scrollLeft = input.scrollWidth;
    if (line.endsWith(' ')) completions.update(line);
    else completions.close();
  }

  function onInput() {
    note('');
    completions.update(upToCursor());
  }

  /** @param {Event} event */
  function onSubmit(event) {
    event.preventDefault();
    void submit();
  }

  async function submit() {
    const text = input.value.trim();
    completions.close();
    if (text === '' || input.readOnly) return;
    if (attempt.text !== text) attempt = { text, id: newId() };
    input.readOnly = true;
    form.classList.add('sending');
    try {
      await send(text, attempt.id);
      history.add(text);
      attempt = { text: '', id: '' };
      input.value = '';
      note('');
    } catch (error) {
      complain(/** @type {Error} */ (error));
      note(error instanceof ApiError && error.status === 0 ? 'Not sent: no connection.' : 'Not taken: see above.');
    } finally {
      input.readOnly = false;
      form.classList.remove('sending');
      input.focus();
    }
  }

  /** Answers whether the key meant something here. @param {KeyboardEvent} event */
  function onKey({ key, shiftKey, isComposing, altKey, ctrlKey, metaKey }) {
    if (isComposing || input.readOnly || altKey || ctrlKey || metaKey) return false;
    const step = key === 'ArrowUp' ? -1 : key === 'ArrowDown' ? 1 : undefined;
    if (step && completions.isOpen) return done(() => completions.move(step));
    if (step) {
      const line = history.move(step, input.value);
      if (line !== undefined) put(line.trimEnd());
      return true;
    }
    if (key === 'Escape' && completions.isOpen) return done(completions.close);
    const { active } = completions;
    if (key === 'Enter' && active) return done(() => put(active.line));
    if (key !== 'Tab' || shiftKey || input.value === '') return false;
    if (completions.best) return done(() => put(completions.best?.line ?? ''));
    // Where nothing can be completed, a second Tab goes on to the next thing in the page, as everywhere.
    if (triedAt === input.value) return false;
    triedAt = input.value;
    return done(() => completions.update(upToCursor()));
  }

  /** Whoever begins to type anywhere means the command line. @param {KeyboardEvent} event */
  function focusOnTyping({ key, ctrlKey, metaKey, altKey, target }) {
    if (key.length !== 1 || key === ' ' || ctrlKey || metaKey || altKey) return;
    if (target instanceof Element && target.closest('input, select, textarea, dialog, button, [tabindex]')) return;
    input.focus();
  }

  function upToCursor() {
    return input.value.slice(0, input.selectionStart ?? input.value.length);
  }
}

/** @param {() => void} act @returns {true} */
function done(act) {
  act();
  return true;
}

/** A UUID, also where the page came by plain HTTP and `crypto.randomUUID` is missing. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes.set([((bytes.at(6) ?? 0) & 0x0f) | 0x40], 6);
  bytes.set([((bytes.at(8) ?? 0) & 0x3f) | 0x80], 8);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** @param {string} text */
function note(text) {
  byId('prompt-note').textContent = text;
}
