import { el } from './dom.js';

/** A text to take away: its name and size, a look into it, and a link that saves it. @param {{ name: string, text: string }} file */
export function drawFile({ name, text }) {
  const blob = new Blob([text], { type: 'text/plain;charset=utf-8' });
  const save = el('a.save', { href: URL.createObjectURL(blob), download: name }, 'Download');
  return el(
    'details.file',
    {},
    el('summary', {}, el('span.file-name', {}, name), el('small', {}, ` ${sizeOf(blob.size)} `), save),
    el('pre', { tabindex: 0 }, el('code', {}, text)),
  );
}

/** @param {number} bytes */
function sizeOf(bytes) {
  return bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KiB`;
}
