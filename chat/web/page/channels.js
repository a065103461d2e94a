import { byId, el, fill } from '../../../base/page/dom.js';

const place = 'botswain.seen';

/**
 * The list of channels, with a mark on each that has something this person has not seen in this browser.
 * @param {object} options
 * @param {readonly string[]} options.names @param {string} options.current the one that is shown
 * @param {string} options.person @param {(name: string) => void} options.go
 */
export function makeChannels({ names, current, person, go }) {
  const buttons = new Map(names.map((name) => [name, draw(name)]));
  fill(byId('channels'), ...[...buttons.values()].map((button) => el('li', {}, button)));
  return {
    /** A message stands there. Answers whether it is news. @param {string} name @param {string} id */
    note(name, id) {
      const isNews = Number(id) > (seen()[name] ?? 0);
      if (name === current && !document.hidden) see(name, id);
      else if (isNews) mark(name);
      return isNews;
    },
  };

  /** @param {string} name */
  function draw(name) {
    return el(
      'button.channel',
      { type: 'button', 'aria-current': name === current && 'page', click: () => go(name) },
      labelOf(name),
    );
  }

  /** @param {string} name */
  function mark(name) {
    const button = buttons.get(name);
    if (!button || name === current || button.classList.contains('unread')) return;
    button.classList.add('unread');
    button.append(el('span.unseen', {}, ', unread'));
  }

  /** The newest message seen in each channel. @returns {Record<string, number>} */
  function seen() {
    return JSON.parse(localStorage.getItem(`${place}.${person}`) ?? '{}');
  }

  /** @param {string} name @param {string} id */
  function see(name, id) {
    const before = seen();
    if (Number(id) <= (before[name] ?? 0)) return;
    localStorage.setItem(`${place}.${person}`, JSON.stringify({ ...before, [name]: Number(id) }));
  }
}

/** @param {string} name */
const labelOf = (name) => (name.startsWith('@') ? '✉ Direct' : `# ${name}`);
