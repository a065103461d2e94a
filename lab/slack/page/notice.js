import { byId } from '../../../base/page/dom.js';

/** @type {number | undefined} */
let hiding;

/**
 * Shows what went wrong, for a while. Nothing when all is well.
 * @param {{ ok?: boolean, text?: string }} shown
 */
export function notice({ ok, text }) {
  if (ok !== false || !text) return;
  const box = byId('notice');
  box.textContent = text;
  box.hidden = false;
  clearTimeout(hiding);
  hiding = window.setTimeout(() => {
    box.hidden = true;
  }, 8000);
}
