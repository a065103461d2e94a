import { el, patch } from '../../../base/page/dom.js';
import { drawActions } from './actions.js';
import { tick } from './clock.js';
import { drawCode, drawCommand } from './code.js';
import { drawFile } from './file.js';
import { drawProgress, drawSteps } from './steps.js';
import { drawText } from './text.js';

/** @typedef {import('#base/card.ts').Card} Card */
/** @typedef {import('#base/card.ts').Block} Block */
/** @typedef {import('./actions.js').Press} Press */

/** What a card's colour means, so that nobody needs to see the colour. */
const tones = {
  info: { sign: 'i', word: 'Info' },
  running: { sign: '', word: 'Running' },
  ok: { sign: '✓', word: 'Done' },
  warn: { sign: '!', word: 'Attention' },
  error: { sign: '✕', word: 'Failed' },
  ask: { sign: '?', word: 'Decision needed' },
};

/**
 * Draws a card, or brings the one that is there up to date.
 * @param {Card} card @param {Press} press @param {HTMLElement} [old] @param {boolean} [isPrivate]
 */
export function drawCard(card, press, old, isPrivate = false) {
  const node = old ?? el('article.card', {}, el('p.tone'), el('div.blocks'));
  const [tone, blocks] = node.children;
  node.className = `card tone-${card.tone}`;
  node.setAttribute('aria-label', card.fallback);
  // A private error tells why nothing was done; nothing had been begun that could fail.
  const shown = isPrivate && card.tone === 'error' ? { ...tones.error, word: 'Not done' } : tones[card.tone];
  if (tone) patch(tone, [shown], drawTone);
  if (blocks) drawBlocks(blocks, card.blocks, press);
  return node;
}

/** @param {Element} parent @param {readonly Block[]} blocks @param {Press} press */
export function drawBlocks(parent, blocks, press) {
  patch(parent, blocks, (block, old) => drawBlock(block, old, press));
  tick(parent);
}

/** @param {{ sign: string, word: string }} tone */
function drawTone({ sign, word }) {
  return el('span.badge', {}, el('span.sign', { 'aria-hidden': 'true' }, sign), word);
}

/** @param {Block} block @param {Element | undefined} old @param {Press} press @returns {Element} */
function drawBlock(block, old, press) {
  switch (block.kind) {
    case 'title':
      return el('h3', {}, ...drawText(block.text));
    case 'text':
      return el('p.text', {}, ...drawText(block.text));
    case 'small':
      return el('p.small', {}, ...drawFoot(block.text));
    case 'fields':
      return el(
        'dl',
        {},
        ...block.fields.map(({ name, value }) => el('div', {}, el('dt', {}, name), el('dd', {}, ...drawText(value)))),
      );
    case 'table':
      return drawTable(block);
    case 'code':
      return drawCode(block.text);
    case 'progress':
      return drawProgress(block, old);
    case 'steps':
      return drawSteps(block.steps, old);
    case 'actions':
      return drawActions(block.actions, press);
    case 'file':
      return drawFile(block);
    default:
      // Offers become actions before a card is sent.
      return el('p.small');
  }
}

/** A small line; the command in it is copied by a click. @param {import('#base/card.ts').Text} text */
function drawFoot(text) {
  const pieces = Array.isArray(text) ? text : [text];
  return pieces.flatMap((piece) =>
    typeof piece === 'object' && 'code' in piece && piece.code.startsWith('/')
      ? [drawCommand(piece.code)]
      : drawText(piece),
  );
}

/** @param {Extract<Block, { kind: 'table' }>} table */
function drawTable({ columns, rows }) {
  const head = el('tr', {}, ...columns.map((column) => el('th', { scope: 'col' }, column)));
  const body = rows.map((row) => el('tr', {}, ...row.map((cell) => el('td', {}, ...drawText(cell)))));
  // Wide tables scroll by themselves, also by keyboard.
  return el(
    'div.table',
    { tabindex: 0, role: 'region', 'aria-label': 'Table' },
    el('table', {}, el('thead', {}, head), el('tbody', {}, ...body)),
  );
}
