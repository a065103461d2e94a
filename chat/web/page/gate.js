import { byId, el, fill } from '../../../base/page/dom.js';
import { call } from './api.js';
import { drawAvatar } from './message.js';
import { keepSession } from './session.js';

/** @typedef {import('./session.js').Person} Person */
/** @typedef {{ title: string, channels: readonly string[], signIn: 'key' | 'pick', people: readonly Person[] }} Welcome */

/** Asks who is there; resolves when somebody has signed in. @param {Welcome} welcome @returns {Promise<void>} */
export function askWho(welcome) {
  const gate = byId('gate');
  gate.hidden = false;
  const trouble = el('p.trouble', { role: 'alert' });
  return new Promise((resolve) => {
    const enter = async (/** @type {unknown} */ wish) => {
      trouble.textContent = '';
      try {
        keepSession(await call('POST', '/api/sessions', wish));
        gate.hidden = true;
        resolve();
      } catch (error) {
        trouble.textContent = /** @type {Error} */ (error).message;
      }
    };
    const choice = welcome.signIn === 'pick' ? picks(welcome.people, enter) : keyForm(enter);
    const logo = el('img', { src: '/favicon.svg', alt: '', width: 52, height: 52 });
    fill(gate, el('div.gate-box', {}, logo, el('h1', {}, welcome.title), ...choice, trouble));
    /** @type {HTMLElement | null} */ (gate.querySelector('button, input'))?.focus();
  });
}

/** @param {readonly Person[]} people @param {(wish: unknown) => Promise<void>} enter */
function picks(people, enter) {
  const buttons = people.map(({ key, name, groups }) =>
    el(
      'button.pick',
      { type: 'button', click: () => void enter({ person: key }) },
      drawAvatar(name),
      el('b', {}, name),
      el('small', {}, groups.join(', ')),
    ),
  );
  return [
    el('p', {}, 'Who are you? This is a lab: anybody may act as anybody.'),
    el('div.picks', {}, ...buttons),
    el('p.small', {}, 'Open a second tab to be somebody else, for example to approve what the first one asks for.'),
  ];
}

/** @param {(wish: unknown) => Promise<void>} enter */
function keyForm(enter) {
  const input = /** @type {HTMLInputElement} */ (
    el('input', {
      type: 'password',
      id: 'access-key',
      autocomplete: 'current-password',
      required: true,
      spellcheck: 'false',
    })
  );
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    await enter({ accessKey: input.value });
    input.select();
  };
  const label = el('label', { for: 'access-key' }, 'Your access key');
  return [el('form', { submit }, label, input, el('button.primary', { type: 'submit' }, 'Sign in'))];
}
