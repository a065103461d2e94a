import { el, fill } from '../../../base/page/dom.js';
import { act, go, place } from './store.js';

/**
 * Who is looking, and where they can go.
 * @param {HTMLElement} nav @param {import('./store.js').State} state @param {(change: { user?: string }) => void} moved
 */
export function drawSidebar(nav, state, moved) {
  const people = Object.entries(state.users).filter(([, { bot }]) => !bot);
  const to = (/** @type {string} */ channel, /** @type {string} */ text, /** @type {string} */ sign) =>
    el(
      `button.place${place.channel === channel ? '.here' : ''}`,
      {
        type: 'button',
        click: () => {
          go({ channel, thread: undefined });
          if (channel === 'home') void act('home', {});
          moved({});
        },
      },
      el('span.sign', { 'aria-hidden': true }, sign),
      text,
    );
  fill(
    nav,
    el('h1', {}, 'Harbour', el('small', {}, 'emulated Slack')),
    el(
      'label.who',
      {},
      'You are ',
      el(
        'select',
        {
          'aria-label': 'Who you are',
          change: ({ target }) => moved({ user: /** @type {HTMLSelectElement} */ (target).value }),
        },
        ...people.map(([id, { realName }]) => el('option', { value: id, selected: id === state.me }, realName)),
      ),
    ),
    el('h2', {}, 'Channels'),
    ...state.channels.map(({ id, name, kind, archived }) =>
      to(id, archived ? `${name} (archived)` : name, kind === 'private' ? '🔒' : '#'),
    ),
    el('h2', {}, 'Apps'),
    to('home', `${state.app.name} · Home`, '⌂'),
    to(state.direct, `${state.app.name} · Messages`, '✉'),
    el('p.state', {}, state.app.heard ? '● the app is connected' : '○ the app is not connected'),
    state.violations > 0 && el('p.state.bad', {}, `${state.violations} payloads that Slack would not take`),
  );
}
