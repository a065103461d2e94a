import { byId, el } from '../../../base/page/dom.js';

/** @typedef {import('#base/card.ts').Action} Action */
/** @typedef {import('#base/card.ts').Button} Button */
/** Sends a press; resolves to whether it was taken. @typedef {(action: Button) => Promise<boolean>} Press */

const longestMs = 10_000;

/** @param {readonly Action[]} actions @param {Press} press */
export function drawActions(actions, press) {
  return el(
    'div.actions',
    { role: 'group', 'aria-label': 'Actions' },
    ...actions.map((action) => ('href' in action ? drawLink(action) : drawButton(action, press))),
  );
}

/** @param {import('#base/card.ts').Link} link */
function drawLink({ label, href }) {
  // Anything else, such as javascript:, is shown and does nothing.
  const safe = /^https?:\/\//i.test(href) ? href : undefined;
  return el('a.button', { href: safe, target: '_blank', rel: 'noopener noreferrer' }, label);
}

/** @param {Button} action @param {Press} press */
function drawButton(action, press) {
  const button = el(`button.${action.tone ?? 'plain'}`, { type: 'button', click: () => void pressed() }, action.label);
  return button;

  async function pressed() {
    if (button.hasAttribute('data-pressed')) return;
    if (action.confirm && !(await confirmed(action))) return;
    button.setAttribute('data-pressed', '');
    button.setAttribute('aria-disabled', 'true');
    // A press that was answered may change nothing that is shown: the button comes back by itself, at once on a card for one person alone.
    const taken = await press(action);
    if (!taken || button.closest('.private, #home')) settle(button);
    setTimeout(() => settle(button), longestMs);
  }
}

/** An answer has come: the buttons in here can be pressed again. @param {ParentNode} root */
export function settleAll(root) {
  for (const button of root.querySelectorAll('[data-pressed]')) settle(button);
}

/** @param {Element} button */
function settle(button) {
  button.removeAttribute('data-pressed');
  button.removeAttribute('aria-disabled');
}

/** @param {Button} action @returns {Promise<boolean>} */
function confirmed({ label, confirm = '', tone }) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('confirm'));
  const yes = byId('confirm-yes');
  byId('confirm-title').textContent = `${label}?`;
  byId('confirm-text').textContent = confirm;
  yes.textContent = label;
  yes.className = tone ?? 'primary';
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }),
  );
}
