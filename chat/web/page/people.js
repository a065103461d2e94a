import { byId, el, fill } from '../../../base/page/dom.js';
import { call } from './api.js';
import { drawAvatar } from './message.js';
import { endSession, keepSession } from './session.js';
import { names } from './text.js';

/** @typedef {import('./session.js').Person} Person */

/** The list of people, and who of them is here. @param {Person} me */
export function makePeople(me) {
  /** @type {readonly Person[]} */
  let everybody = [me];
  /** @type {ReadonlySet<string>} */
  let here = new Set([me.key]);
  return {
    /** @param {readonly Person[]} people */
    know(people) {
      everybody = people;
      for (const { key, name } of people) names.set(key, name);
      show();
    },
    /** @param {readonly string[]} keys */
    greet(keys) {
      here = new Set([...keys, me.key]);
      show();
    },
  };

  function show() {
    fill(byId('people'), ...everybody.map(drawPerson));
  }

  /** @param {Person} person */
  function drawPerson({ key, name }) {
    const state = here.has(key) ? 'here' : 'away';
    const more = key === me.key ? ' (you)' : '';
    return el(`li.person.${state}`, {}, drawAvatar(name), `${name}${more}`, el('span.unseen', {}, `, ${state}`));
  }
}

/**
 * Who one is, and how to be somebody else.
 * @param {import('./gate.js').Welcome} welcome @param {Person} me @param {() => void} changed
 */
export function showMe(welcome, me, changed) {
  if (welcome.signIn === 'key') {
    const leave = () => {
      endSession();
      changed();
    };
    return fill(
      byId('me'),
      drawAvatar(me.name),
      el('b', {}, me.name),
      el('button.quiet', { type: 'button', click: leave }, 'Sign out'),
    );
  }
  const options = welcome.people.map(({ key, name }) => el('option', { value: key, selected: key === me.key }, name));
  const pick = /** @type {HTMLSelectElement} */ (el('select', { id: 'acting-as' }, ...options));
  pick.addEventListener('change', async () => {
    keepSession(await call('POST', '/api/sessions', { person: pick.value }));
    changed();
  });
  fill(byId('me'), el('label', { for: 'acting-as' }, 'Acting as'), drawAvatar(me.name), pick);
}
