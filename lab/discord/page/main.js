import { byId } from '../../../base/page/dom.js';
import { act, listen } from './api.js';
import { relative } from './markdown.js';
import { showModal } from './modal.js';
import { namesOf, room } from './room.js';
import { drawPeople, drawSide } from './sidebar.js';

/** @typedef {import('../desk/view.ts').View} View */

const place = new URLSearchParams(location.hash.slice(1));
let user = place.get('user') ?? 'ana';
let channel = place.get('channel') ?? '';
let thread = place.get('thread') ?? '';
/** @type {View | undefined} */
let latest;
/** @type {() => void} */
let stop = () => {};
/** @type {{ draw: (view: View) => void }[]} */
let rooms = [];

/** @param {Record<string, unknown>} doing */
const doAs = (doing) => act(user, doing);

/** @param {{ user?: string, channel?: string, thread?: string }} where */
function go(where) {
  user = where.user ?? user;
  channel = where.channel ?? channel;
  thread = where.thread ?? '';
  location.replace(`#${new URLSearchParams({ user, channel, thread })}`);
  stop();
  rooms = [];
  stop = listen(user, [channel, thread].filter(Boolean), draw);
}

/** @param {View} view */
function draw(view) {
  latest = view;
  const known = view.channels.some(({ id }) => id === channel);
  if (!known) return go({ channel: view.channels.find(({ kind }) => kind === 'text')?.id ?? '' });
  if (rooms.length === 0) openRooms(view);
  drawPeople(view, (name) => go({ user: name, channel: sharedChannel(view) }));
  drawSide(view, channel, (id) => go({ channel: id }));
  for (const one of rooms) one.draw(view);
  const dialog = /** @type {HTMLDialogElement} */ (byId('modal'));
  showModal(dialog, view.modal, namesOf(view), doAs);
}

/** @param {View} view */
function openRooms(view) {
  const hands = {
    act: doAs,
    view: () => latest ?? view,
    /** @param {string} id */
    openThread: (id) => go({ thread: id }),
  };
  const beside = byId('thread');
  beside.hidden = thread === '';
  rooms = [room(byId('room'), channel, title(view, channel), hands)];
  if (thread) rooms.push(room(beside, thread, title(view, thread), { ...hands, close: () => go({}) }));
}

/** @param {View} view @param {string} id */
function title(view, id) {
  const found = view.channels.find((one) => one.id === id);
  return found?.kind === 'text' ? `#${found.name}` : (found?.name ?? '');
}

/** A direct channel is one's own: another person begins in the first channel. @param {View} view */
function sharedChannel(view) {
  return view.channels.find(({ id }) => id === channel)?.kind === 'dm' ? '' : channel;
}

setInterval(() => {
  for (const node of document.querySelectorAll('time[data-at]')) {
    node.textContent = relative(Number(node.getAttribute('data-at')));
  }
}, 1000);

go({ thread });
