import { el } from '../../../base/page/dom.js';

/** A text to take away: its name and size, a look into it, and a button that saves it. @param {{ name: string, text: string }} file */
export function drawFile({ name, text }) {
  const blob = new Blob([text], { type: 'text/plain;charset=utf-8' });
  const download = el('button.save', { type: 'button', click: () => save(blob, name) }, 'Download');
  return el(
    'div.file',
    {},
    el(
      'details',
      {},
      el('summary', {}, el('span.file-name', {}, name), el('small', {}, ` ${sizeOf(blob.size)}`)),
      el('pre', { tabindex: 0 }, el('code', {}, text)),
    ),
    download,
  );
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const href = URL.createObjectURL(blob);
  el('a', { href, download: name }).click();
  // Not at once: some browsers read it only after the click was handled.
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

/** @param {number} bytes */
function sizeOf(bytes) {
  return bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KiB`;
}
