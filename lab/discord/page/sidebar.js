import { byId, el, fill } from '../../../base/page/dom.js';
import { avatar } from './message.js';

/** @typedef {import('../desk/view.ts').View} View */

/** Whose eyes one looks through. @param {View} view @param {(name: string) => void} become */
export function drawPeople(view, become) {
  const people = view.people.filter(({ bot }) => !bot);
  const buttons = people.map((person) =>
    el(
      'button.person',
      {
        type: 'button',
        title: `Be ${person.shown}`,
        'aria-pressed': String(person.id === view.me),
        click: () => become(person.name),
      },
      avatar(person),
    ),
  );
  fill(byId('people'), ...buttons);
}

/** @param {View} view @param {string} open @param {(id: string) => void} go */
export function drawSide(view, open, go) {
  const state = view.online ? 'Botswain is online' : 'Botswain is offline';
  const wrong =
    view.violations === 0
      ? null
      : el('a.wrong', { href: '/_lab/violations', target: '_blank' }, `${view.violations} wrong payloads`);
  fill(byId('guild'), el('b', {}, 'Harbour'), el(`small.${view.online ? 'up' : 'down'}`, {}, state), wrong);
  /** @param {View['channels'][number]} channel @param {string} mark @param {string} tag */
  const link = (channel, mark, tag) =>
    el(
      tag,
      { type: 'button', 'aria-current': channel.id === open ? 'page' : undefined, click: () => go(channel.id) },
      el('span.mark', {}, mark),
      channel.name,
    );
  const texts = view.channels.filter(({ kind }) => kind === 'text');
  const inGuild = texts.flatMap((channel) => [
    link(channel, '#', 'button'),
    ...view.channels
      .filter(({ kind, parentId, archived }) => kind === 'thread' && parentId === channel.id && !archived)
      .map((thread) => link(thread, '╰', 'button.sub')),
  ]);
  const archived = view.channels
    .filter((channel) => channel.archived)
    .map((thread) => link(thread, '⌛', 'button.sub'));
  const direct = view.channels.filter(({ kind }) => kind === 'dm').map((channel) => link(channel, '@', 'button'));
  fill(
    byId('channels'),
    el('h2', {}, 'Text channels'),
    ...inGuild,
    archived.length > 0 && el('h2', {}, 'Archived threads'),
    ...archived,
    el('h2', {}, 'Direct messages'),
    ...direct,
  );
  const me = view.people.find(({ id }) => id === view.me);
  fill(byId('me'), avatar(me), el('b', {}, me?.shown ?? ''), el('small', {}, me?.name ?? ''));
}
