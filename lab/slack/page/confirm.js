import { el } from '../../../base/page/dom.js';

/**
 * "Are you sure?" Resolves with what they say.
 * @param {{ title?: { text: string }, text: { text: string }, confirm?: { text: string }, deny?: { text: string }, style?: string }} words
 * @returns {Promise<boolean>}
 */
export function ask({ title, text, confirm, deny, style }) {
  return new Promise((resolve) => {
    const dialog = /** @type {HTMLDialogElement} */ (el('dialog.confirm'));
    const end = (/** @type {boolean} */ sure) => {
      dialog.remove();
      resolve(sure);
    };
    dialog.append(
      el('h3', {}, title?.text ?? 'Are you sure?'),
      el('p', {}, text.text),
      el(
        'div.actions',
        {},
        el('button.press', { type: 'button', click: () => end(false) }, deny?.text ?? 'Cancel'),
        el(`button.press.${style ?? 'primary'}`, { type: 'button', click: () => end(true) }, confirm?.text ?? 'Yes'),
      ),
    );
    dialog.addEventListener('cancel', () => end(false));
    document.body.append(dialog);
    dialog.showModal();
  });
}
