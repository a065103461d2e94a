import { el } from '../../../base/page/dom.js';
import { element } from './elements.js';
import { input } from './inputs.js';
import { mrkdwn } from './mrkdwn.js';
import { rich } from './rich.js';

/** @typedef {import('./store.js').State} State @typedef {import('./store.js').Block} Block */

/**
 * Where blocks stand: what goes along when something in them is pressed.
 * @typedef {{ ts?: string, view?: string, shown?: import('./store.js').View }} Stand
 */

/**
 * Blocks as Slack draws them.
 * @param {Block[]} blocks @param {State} state @param {Stand} stand @returns {Node[]}
 */
export function drawBlocks(blocks, state, stand) {
  return blocks.map((block) => draw(block, state, stand));
}

/** @param {Block} block @param {State} state @param {Stand} stand @returns {Node} */
function draw(block, state, stand) {
  const words = (/** @type {any} */ text) => (text.type === 'mrkdwn' ? mrkdwn(text.text, state) : [text.text]);
  switch (block.type) {
    case 'section':
      return el(
        'div.section',
        {},
        el(
          'div.words',
          {},
          block.text && el('div', {}, ...words(block.text)),
          block.fields &&
            el('div.fields', {}, ...block.fields.map((/** @type {any} */ field) => el('div', {}, ...words(field)))),
        ),
        block.accessory && element(block.accessory, block, stand),
      );
    case 'header':
      return el('h3', {}, block.text.text);
    case 'divider':
      return el('hr');
    case 'context':
      return el(
        'div.context',
        {},
        ...block.elements.map((/** @type {any} */ one) => el('span', {}, ...(one.text ? words(one) : [one.alt_text]))),
      );
    case 'actions':
    case 'context_actions':
      return el('div.actions', {}, ...block.elements.map((/** @type {Block} */ one) => element(one, block, stand)));
    case 'rich_text':
      return /** @type {Node} */ (rich(block, state));
    case 'table':
      return table(block, state);
    case 'markdown':
      return el('div.markdown', {}, block.text);
    case 'image':
      return el('div.context', {}, `[${block.alt_text}]`);
    case 'input':
      return input(block, stand);
    default:
      return el('div.context', {}, `[${block.type}]`);
  }
}

/** The first row is the head. @param {Block} block @param {State} state */
function table(block, state) {
  const [head = [], ...rows] = /** @type {any[][]} */ (block.rows);
  const cells = (/** @type {any[]} */ row, /** @type {string} */ tag) =>
    el('tr', {}, ...row.map((cell) => el(tag, {}, cell.type === 'raw_text' ? cell.text : rich(cell, state))));
  return el('table', {}, el('thead', {}, cells(head, 'th')), el('tbody', {}, ...rows.map((row) => cells(row, 'td'))));
}
