import { byId, el, fill } from '../../../base/page/dom.js';
import { drawLine } from './text.js';

/** @typedef {import('#chat/platform.ts').Completion} Completion */

/**
 * What a channel without messages says: what to type.
 * @param {boolean} empty @param {import('./session.js').Person} me @param {(line: string) => Promise<readonly Completion[]>} ask @param {(line: string) => void} put
 */
export async function showExamples(empty, me, ask, put) {
  const box = byId('empty');
  if (box.hidden === !empty) return;
  box.hidden = !empty;
  if (!empty) return;
  const list = el('ul.examples');
  fill(
    box,
    el('h2', {}, `What would you like to do, ${me.name}?`),
    el('p', {}, 'Type a command below, or begin with one of these.'),
    list,
  );
  // The examples are a courtesy: without them the page says all that is needed.
  const examples = await ask('').catch(() => []);
  fill(list, ...examples.slice(0, 3).map((one) => el('li', {}, drawExample(one, put))));
}

/** @param {Completion} example @param {(line: string) => void} put */
function drawExample({ line, about }, put) {
  return el(
    'button.example',
    { type: 'button', click: () => put(line) },
    el('span.line', {}, ...drawLine(line)),
    el('small', {}, about),
  );
}
