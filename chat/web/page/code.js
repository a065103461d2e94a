import { el } from './dom.js';

/** Text to be copied, such as an address or a log; a command is put into the command line instead. @param {string} text */
export function drawCode(text) {
  const code = el('pre', { tabindex: 0 }, el('code', {}, text));
  if (/^\/\S.*$/.test(text)) {
    // Whoever shows the command line listens; a card need not know of it.
    const use = () => document.dispatchEvent(new CustomEvent('use-line', { detail: text }));
    return el('div.code', {}, code, el('button.copy', { type: 'button', click: use }, 'Use'));
  }
  const button = el('button.copy', { type: 'button', click: () => copy(text, code, button) }, 'Copy');
  return el('div.code', {}, code, button);
}

/** @param {string} text @param {HTMLElement} code @param {HTMLElement} button */
async function copy(text, code, button) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    // Without HTTPS there is no clipboard for pages: what is selected can be copied by hand.
    getSelection()?.selectAllChildren(code);
    button.textContent = 'Press Ctrl+C';
  }
  setTimeout(() => (button.textContent = 'Copy'), 2000);
}
