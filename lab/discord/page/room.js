import { el, fill, patch } from '../../../base/page/dom.js';
import { composer } from './composer.js';
import { drawMessage } from './message.js';

/** @typedef {import('../desk/view.ts').View} View */

/**
 * A channel or a thread: its name, its messages, the line to write in.
 * @param {HTMLElement} node @param {string} id @param {string} title
 * @param {{ act: (doing: Record<string, unknown>) => Promise<any>, view: () => View, openThread: (id: string) => void, close?: () => void }} hands
 */
export function room(node, id, title, { act, view, openThread, close }) {
  const list = el('ol.messages');
  const line = composer(title, {
    menu: () => view().menu,
    send: (text) =>
      act(text.startsWith('/') ? { do: 'type', channel: id, line: text } : { do: 'say', channel: id, text }),
    suggest: async (command, option, typed, others) =>
      (await act({ do: 'suggest', channel: id, command, option, typed, others })) ?? [],
  });
  const away = close && el('button.away', { type: 'button', 'aria-label': 'Close the thread', click: close }, '✕');
  fill(node, el('header', {}, el('h1', {}, title), away), list, line);
  return {
    /** @param {View} now */
    draw(now) {
      const messages = now.open.find((one) => one.id === id)?.messages ?? [];
      const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
      const people = new Map(now.people.map((person) => [person.id, person]));
      const names = namesOf(now);
      patch(list, messages, (message) => drawMessage(message, { people, names, act, openThread }));
      if (atEnd) list.scrollTop = list.scrollHeight;
    },
  };
}

/** @param {View} view @returns {import('./markdown.js').Names} */
export function namesOf(view) {
  return {
    people: new Map(view.people.map(({ id, shown }) => [id, shown])),
    roles: new Map(view.roles.map(({ id, name }) => [id, name])),
    channels: new Map(view.channels.map(({ id, name }) => [id, name])),
  };
}
