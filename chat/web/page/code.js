import { el } from '../../../base/page/dom.js';

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

/** A command within a line, copied by a click. @param {string} line */
export function drawCommand(line) {
  const code = el('code', {}, line);
  const note = el('span.copied', { 'aria-live': 'polite' });
  return el('button.command', { type: 'button', title: 'Copy', click: () => copy(line, code, note, '') }, code, note);
}

/** @param {string} text @param {HTMLElement} code @param {HTMLElement} note what says that it is done @param {string} [before] what it said before */
async function copy(text, code, note, before = 'Copy') {
  try {
    await navigator.clipboard.writeText(text);
    note.textContent = 'Copied';
  } catch {
    // Without HTTPS there is no clipboard for pages: what is selected can be copied by hand.
    getSelection()?.selectAllChildren(code);
    note.textContent = 'Press Ctrl+C';
  }
  setTimeout(() => (note.textContent = before), 2000);
}
