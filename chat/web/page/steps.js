import { el, patch } from '../../../base/page/dom.js';
import { spell } from './clock.js';

/** @typedef {import('#base/card.ts').StepLine} StepLine */

const signs = { waiting: '', running: '', done: '✓', failed: '✕', undone: '↺', skipped: '–' };
const words = {
  waiting: 'to do',
  running: 'running',
  done: 'done',
  failed: 'failed',
  undone: 'taken back',
  skipped: 'skipped',
};

/** @param {readonly StepLine[]} steps @param {Element | undefined} old */
export function drawSteps(steps, old) {
  const list = old?.matches('.steps') ? old : el('ol.steps');
  patch(list, steps, drawStep);
  return list;
}

/** @param {StepLine} step */
function drawStep({ state, label, startedAt, tookMs, note }) {
  return el(
    `li.step.${state}`,
    {},
    el('span.sign', { 'aria-hidden': 'true' }, signs[state]),
    el('span.label', {}, label, el('span.unseen', {}, ` (${words[state]})`), note && el('span.note', {}, note)),
    drawTook(state, startedAt, tookMs),
  );
}

/** @param {StepLine['state']} state @param {number} [startedAt] @param {number} [tookMs] */
function drawTook(state, startedAt, tookMs) {
  if (state === 'running' && startedAt !== undefined) return el('span.took', { 'data-since': startedAt });
  if (state === 'undone' || state === 'skipped') return el('span.took', { 'aria-hidden': 'true' }, words[state]);
  return el('span.took', {}, tookMs === undefined ? '' : spell(tookMs));
}

/**
 * A bar that moves from where it was.
 * @param {{ done: number, total: number, label: string }} progress @param {Element | undefined} old
 */
export function drawProgress({ done, total, label }, old) {
  const bar = old?.matches('.progress')
    ? old
    : el('div.progress', {}, el('div.bar', { role: 'progressbar', 'aria-valuemin': 0 }, el('div.done')), el('p.small'));
  const [track, text] = bar.children;
  track?.setAttribute('aria-valuemax', String(total));
  track?.setAttribute('aria-valuenow', String(done));
  track?.setAttribute('aria-valuetext', `${done} of ${total}: ${label}`);
  const filled = /** @type {HTMLElement | null | undefined} */ (track?.firstElementChild);
  filled?.style.setProperty('width', `${total > 0 ? Math.min(100, (100 * done) / total) : 0}%`);
  if (text) text.textContent = `${done} of ${total} · ${label}`;
  return bar;
}
