import { el, fill } from '../../../base/page/dom.js';
import { notice } from './notice.js';
import { act } from './store.js';

/**
 * The line in which one types, for a channel or a thread. Commands are offered as one begins with a slash.
 * @param {HTMLElement} form @param {{ channel: string, thread?: string | undefined, hint: string, commands: import('./store.js').State['commands'] }} options
 */
export function drawComposer(form, { channel, thread, hint, commands }) {
  const mark = `${channel} ${thread}`;
  if (form.dataset.mark === mark) return;
  form.dataset.mark = mark;
  const box = /** @type {HTMLInputElement} */ (el('input', { placeholder: hint, 'aria-label': hint }));
  const offers = el('ul.commands', { hidden: true });
  box.addEventListener('input', () => {
    const fitting =
      box.value.startsWith('/') && !box.value.includes(' ')
        ? commands.filter(({ command }) => command.startsWith(box.value))
        : [];
    offers.hidden = fitting.length === 0;
    fill(
      offers,
      ...fitting.map(({ command, usageHint, description }) =>
        el(
          'li',
          { mousedown: (/** @type {Event} */ event) => take(event, command) },
          el('b', {}, command),
          ` ${usageHint}`,
          el('small', {}, description),
        ),
      ),
    );
  });
  const take = (/** @type {Event} */ event, /** @type {string} */ command) => {
    event.preventDefault();
    box.value = `${command} `;
    offers.hidden = true;
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (text === '') return;
    box.value = '';
    offers.hidden = true;
    notice(await act('type', { channel, text, thread }));
  };
  fill(form, offers, box, el('button.press.primary', { type: 'submit', 'aria-label': 'Send' }, '➤'));
}
