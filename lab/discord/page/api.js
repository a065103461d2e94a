import { byId } from '../../../base/page/dom.js';

/** @typedef {import('../desk/view.ts').View} View */

/**
 * Does something as this person. What Discord's client would not send, or nobody answered, is shown as a notice; then `undefined` comes back.
 * @param {string} user @param {Record<string, unknown>} doing
 * @returns {Promise<any>}
 */
export async function act(user, doing) {
  const response = await fetch(`/_lab/act?user=${encodeURIComponent(user)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(doing),
  });
  const answer = await response.json();
  if (!response.ok) return notice(answer.why);
  if (answer.what === 'failed') return notice(answer.text);
  return answer;
}

/**
 * Hears what this person sees, now and after each change.
 * @param {string} user @param {readonly string[]} open ids of channels @param {(view: View) => void} hear
 * @returns {() => void} ends it
 */
export function listen(user, open, hear) {
  const query = new URLSearchParams([['user', user], ...open.map((id) => ['open', id])]);
  const source = new EventSource(`/_lab/live?${query}`);
  source.addEventListener('message', (event) => hear(JSON.parse(event.data)));
  return () => source.close();
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let hiding;

/** @param {string} text */
function notice(text) {
  const node = byId('notice');
  node.textContent = text;
  node.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    node.hidden = true;
  }, 6000);
}
