import { byId, el, fill } from '../../../base/page/dom.js';
import { drawBlocks } from './blocks.js';
import { drawComposer } from './composer.js';
import { drawMessage } from './messages.js';
import { drawModal } from './modal.js';
import { drawSidebar } from './sidebar.js';
import { act, follow, go, place } from './store.js';

/** @typedef {import('./store.js').State} State @typedef {import('./store.js').Message} Message */

/** @type {State | undefined} */
let state;
let stop = listen();

function listen() {
  return follow(
    place.user,
    (fresh) => {
      state = fresh;
      draw();
    },
    (live) => document.body.classList.toggle('lost', !live),
  );
}

/** @param {{ user?: string }} change */
function moved({ user }) {
  if (user !== undefined) {
    go({ user, thread: undefined, channel: place.channel.startsWith('D') ? 'C0OPS' : place.channel });
    stop();
    stop = listen();
    if (place.channel === 'home') void act('home', {});
  }
  draw();
}

function draw() {
  if (!state) return;
  document.title = `${state.users[state.me]?.name} · Slack, emulated`;
  drawSidebar(byId('sidebar'), state, moved);
  drawMain(state);
  drawThread(state);
  drawModal(state);
}

/** @param {State} now */
function drawMain(now) {
  const { channel } = place;
  const named = now.channels.find(({ id }) => id === channel);
  const composer = byId('composer');
  composer.hidden = channel === 'home' || (named?.archived ?? false);
  fill(byId('heading'), channel === 'home' ? `${now.app.name} · Home` : named ? `# ${named.name}` : now.app.name);
  if (channel === 'home') {
    const blocks = now.home
      ? drawBlocks(now.home.blocks, now, { view: now.home.id })
      : [el('p.empty', {}, 'The app has published nothing here yet.')];
    keepEnd(byId('messages'), [el('div.home', {}, ...blocks)]);
    return;
  }
  const here = (now.messages[channel] ?? []).filter(({ threadTs }) => threadTs === undefined);
  const open = (/** @type {Message} */ { ts }) => {
    go({ thread: ts });
    draw();
  };
  const drawn = here.map((message) =>
    drawMessage(message, now, message.onlyForMe ? {} : { openThread: () => open(message) }),
  );
  keepEnd(byId('messages'), drawn);
  const hint = named ? `Message #${named.name}, or /command` : `Message ${now.app.name}`;
  drawComposer(composer, { channel, hint, commands: now.commands });
}

/** @param {State} now */
function drawThread(now) {
  const { channel, thread } = place;
  const aside = byId('thread');
  const all = now.messages[channel] ?? [];
  const root = all.find(({ ts }) => ts === thread);
  aside.hidden = !root;
  if (!root) return fill(aside);
  const replies = all.filter(({ threadTs }) => threadTs === root.ts);
  if (aside.childElementCount === 0) {
    const close = () => {
      go({ thread: undefined });
      draw();
    };
    aside.append(
      el(
        'header',
        {},
        'Thread',
        el('button.plain', { type: 'button', 'aria-label': 'Close thread', click: close }, '✕'),
      ),
      el('div.list'),
      el('form', { autocomplete: 'off' }),
    );
  }
  const [, list, form] = /** @type {HTMLElement[]} */ ([...aside.children]);
  if (list)
    keepEnd(
      list,
      [root, ...replies].map((message) => drawMessage(message, now)),
    );
  if (form)
    drawComposer(form, {
      channel,
      thread: root.ts,
      hint: `Reply; @${now.users[now.app.userId]?.name} to reach the app`,
      commands: [],
    });
}

/** What did not change keeps its place; who reads the end stays at the end. @param {HTMLElement} list @param {HTMLElement[]} items */
function keepEnd(list, items) {
  const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 40;
  for (const [at, item] of items.entries()) {
    const old = list.children[at];
    if (!old) list.append(item);
    else if (!old.isEqualNode(item)) old.replaceWith(item);
  }
  while (list.children.length > items.length) list.lastElementChild?.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
}
