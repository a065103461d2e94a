import { el } from '../../../base/page/dom.js';
import { drawComponent, drawFile } from './components.js';
import { markdown } from './markdown.js';

/** @typedef {import('../desk/view.ts').MessageView} MessageView */
/** @typedef {import('../desk/view.ts').PersonView} PersonView */
/**
 * @typedef {object} Reader
 * @property {ReadonlyMap<string, PersonView>} people
 * @property {import('./markdown.js').Names} names
 * @property {(doing: Record<string, unknown>) => Promise<any>} act
 * @property {(threadId: string) => void} openThread
 */

const loading = 1 << 7;
const components2 = 1 << 15;

/** @param {MessageView} message @param {Reader} reader */
export function drawMessage(message, reader) {
  const author = reader.people.get(message.authorId);
  const kind = [message.only && 'only', message.pings && 'pings']
    .filter(Boolean)
    .map((name) => `.${name}`)
    .join('');
  return el(
    `li.message${kind}`,
    { 'data-id': message.id },
    message.answers && drawAbove(message.answers, reader),
    avatar(author),
    el(
      'div.body',
      {},
      drawHead(message, author),
      ...drawContent(message, reader),
      drawThread(message, reader),
      drawOnly(message, reader),
    ),
  );
}

/** A round with the first letter. @param {PersonView | undefined} person */
export function avatar(person) {
  const color = person?.bot ? '#5865f2' : (person?.color ?? '#80848e');
  return el('span.avatar', { style: `background: ${color}`, 'aria-hidden': 'true' }, person?.shown.slice(0, 1) ?? '?');
}

/** @param {{ userId: string, command: string }} answers @param {Reader} reader */
function drawAbove({ userId, command }, reader) {
  const user = reader.people.get(userId);
  return el(
    'p.above',
    {},
    el('b', { style: `color: ${user?.color ?? 'inherit'}` }, user?.shown ?? '?'),
    ' used ',
    el('span.mention', {}, `/${command}`),
  );
}

/** @param {MessageView} message @param {PersonView | undefined} author */
function drawHead({ at, edited }, author) {
  const time = new Date(at).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hour12: false });
  return el(
    'header',
    {},
    el('b', { style: `color: ${author?.color ?? 'inherit'}` }, author?.shown ?? '?'),
    author?.bot && el('span.app', {}, 'APP'),
    el('time', {}, time),
    edited && el('span.edited', {}, '(edited)'),
  );
}

/** @param {MessageView} message @param {Reader} reader @returns {HTMLElement[]} */
function drawContent(message, reader) {
  if (message.flags & loading) return [el('p.thinking', {}, 'Botswain is thinking…')];
  const { id } = message;
  const hands = {
    /** @param {string} button */
    press: (button) => reader.act({ do: 'press', message: id, button }),
    /** @param {string} list @param {string[]} values */
    pick: (list, values) => reader.act({ do: 'pick', message: id, list, values }),
  };
  const embeds = message.embeds.map(({ title, description }) =>
    el('div.container', {}, el('h3', {}, String(title ?? '')), ...markdown(String(description ?? ''), reader.names)),
  );
  // A message of components shows only the files that its components name.
  const files =
    message.flags & components2 ? [] : message.attachments.map((one) => drawFile(one.filename, one.url, one.size));
  const parts = message.components.map((component) => drawComponent(component, hands, reader.names));
  return [...markdown(message.content, reader.names), ...embeds, ...parts, ...files];
}

/** @param {MessageView} message @param {Reader} reader */
function drawThread({ thread }, reader) {
  if (!thread) return null;
  const count = thread.count === 1 ? '1 message' : `${thread.count} messages`;
  return el(
    'button.to-thread',
    { type: 'button', click: () => reader.openThread(thread.id) },
    el('b', {}, thread.name),
    ` ${count} ›`,
  );
}

/** @param {MessageView} message @param {Reader} reader */
function drawOnly({ only, id }, reader) {
  if (!only) return null;
  const away = el(
    'button.away',
    { type: 'button', click: () => reader.act({ do: 'dismiss', message: id }) },
    'Dismiss message',
  );
  return el('p.only-you', {}, 'Only you can see this • ', away);
}
