import { byId } from '../../../base/page/dom.js';
import { settleAll } from './actions.js';
import { ApiError, call, post } from './api.js';
import { makeChannels } from './channels.js';
import { serverNow, setServerTime } from './clock.js';
import { dismissForGood, wasDismissed } from './dismissed.js';
import { showExamples } from './empty.js';
import { listen } from './events.js';
import { showForm } from './form.js';
import { makeHome } from './home.js';
import { makeList } from './list.js';
import { drawMessage } from './message.js';
import { announce, announceCard, noteUnread } from './notice.js';
import { makePeople, showMe } from './people.js';
import { newId, openPrompt } from './prompt.js';
import { endSession } from './session.js';
import { makeThread } from './thread.js';

/** @typedef {import('#chat/web/store.ts').WebMessage} Message */
/** @typedef {import('./gate.js').Welcome} Welcome */

/** Shows the console as this person; resolves when they left or their session ended. @param {Welcome} welcome @param {import('./session.js').Person} me @param {string} channel */
export function showConsole(welcome, me, channel) {
  const leaving = new AbortController();
  const { signal } = leaving;
  const people = makePeople(me);
  /** @type {import('./message.js').Hands} */
  const hands = {
    press: (message, { token }) => press({ message: message.id, token }, message.thread),
    // What was drawn may be older than what is known.
    openThread: (message) => thread.open(messages.get(message.id) ?? message),
    dismiss(message) {
      dismissForGood(message.id);
      messages.remove(message.id);
      thread.remove(message.id);
      showEmptiness();
    },
    retype: (line) => prompt.put(line),
    calls: ({ ping = [] }) => [me.key, ...me.groups].some((name) => ping.includes(name)),
  };
  const messages = makeList(byId('messages'), byId('scroll'), (message, old) => drawMessage(message, hands, old));
  const thread = makeThread(hands, complain, signal);
  const ask = async (/** @type {string} */ line) =>
    (await call('GET', `/api/complete?line=${encodeURIComponent(line)}`, undefined, signal)).completions;
  const send = async (/** @type {string} */ text, /** @type {string} */ id) => {
    messages.toEnd();
    const { form } = await call('POST', '/api/commands', { id, channel, text });
    if (form) open(form);
  };
  const home = makeHome({
    read: async () => (await call('GET', `/api/home?channel=${encodeURIComponent(channel)}`, undefined, signal)).card,
    press: ({ token }) => press({ channel, token }),
    complain,
    signal,
  });
  /** @type {ReturnType<typeof makeChannels>} */
  let channels;
  messages.set([]);
  byId('console').hidden = false;
  byId('channel').textContent = channel.startsWith('@') ? 'Direct' : channel;
  byId('brand').textContent = welcome.title;
  const prompt = openPrompt({ person: me.key, send, ask, complain, signal });
  byId('home-open').addEventListener('click', () => void home.toggle(), { signal });
  byId('latest').addEventListener('click', toLatest, { signal });
  byId('scroll').addEventListener('scroll', showLatest, { signal, passive: true });

  return new Promise((resolve) => {
    const leave = (/** @type {string} */ next) => {
      leaving.abort();
      thread.close();
      byId('console').hidden = true;
      resolve(next);
    };
    showMe(welcome, me, () => leave(channel));
    channels = makeChannels({
      names: [...welcome.channels, `@${me.key}`],
      current: channel,
      person: me.key,
      go: leave,
    });
    const signedOut = () => {
      endSession();
      leave(channel);
    };
    void listen({ channel, hear, show: showConnection, signal, signedOut });
  });

  /** @param {object} pressed @param {string} [thread] */
  async function press(pressed, thread) {
    try {
      const { form } = await call('POST', '/api/presses', { id: newId(), ...pressed });
      if (form) open(form, thread);
      return true;
    } catch (error) {
      complain(/** @type {Error} */ (error));
      return false;
    }
  }

  /** @param {import('./form.js').Form} form @param {string} [thread] */
  function open(form, thread) {
    const { token } = form;
    const place = { channel, ...(thread === undefined ? {} : { thread }) };
    showForm(form, {
      send: (id, values) => sendForm({ id, ...place, token, values }),
      async ask(field, typed) {
        const query = new URLSearchParams({ token, field, typed, channel });
        return (await call('GET', `/api/words?${query}`, undefined, signal)).words;
      },
    });
  }

  /** @param {string} event @param {any} told */
  function hear(event, told) {
    if (event === 'people') people.greet(told);
    if (event === 'message') put(told);
    if (event === 'elsewhere' && channels.note(told.channel, told.id) && told.channel === `@${me.key}`) noteUnread();
    if (event !== 'snapshot') return;
    setServerTime(told.now);
    people.know(told.people);
    for (const [name, id] of Object.entries(told.newest)) channels.note(name, id);
    messages.set(told.messages.filter((/** @type {Message} */ { id }) => !wasDismissed(id)));
    thread.refresh();
    showEmptiness();
  }

  /** @param {Message} message */
  function put(message) {
    if (message.thread !== undefined) return putReply(message);
    const { content } = message;
    if (content.kind === 'typed' && content.state === 'refused') messages.remove(message.id);
    else if (wasDismissed(message.id)) return;
    else {
      const known = messages.get(message.id);
      if (!messages.put(message)) return;
      if (!known) channels.note(channel, message.id);
      if (!known && message.by?.key !== me.key) noteUnread();
      announceCard(message, known);
      thread.put(message);
    }
    settleAll(
      message.to === undefined
        ? (document.querySelector(`#messages > [data-id="${message.id}"]`) ?? document)
        : document,
    );
    showEmptiness();
    showLatest();
  }

  /** @param {Message} message */
  function putReply(message) {
    const root = messages.get(message.thread ?? '');
    if (root) messages.put({ ...root, replies: Math.max(root.replies, message.nth ?? 0) });
    thread.put(message);
    if (message.to !== undefined) settleAll(document);
  }

  /** Says privately what went wrong. @param {Error} error */
  function complain(error) {
    if (error instanceof ApiError && error.status === 401) return;
    const hint = error instanceof ApiError ? error.hint : undefined;
    const blocks = [{ kind: 'text', text: error.message }, ...(hint ? [{ kind: 'small', text: hint }] : [])];
    const last = byId('messages').lastElementChild;
    const id = String(Number(last instanceof HTMLElement ? last.dataset.id : 0) + 0.001);
    const card = /** @type {import('#base/card.ts').Card} */ ({ tone: 'error', fallback: error.message, blocks });
    messages.put({
      id,
      channel,
      to: me.key,
      at: serverNow(),
      revision: 1,
      replies: 0,
      content: { kind: 'card', card },
    });
    messages.toEnd();
    announce(error.message);
    showEmptiness();
  }

  function showEmptiness() {
    void showExamples(messages.size === 0, me, ask, (line) => prompt.put(line));
  }

  function toLatest() {
    messages.toEnd();
    showLatest();
  }

  function showLatest() {
    byId('latest').hidden = messages.atEnd() || messages.size === 0;
  }
}

/** Sends a form; answers what is wrong with it. @param {object} sent @returns {Promise<Record<string, string> | undefined>} */
async function sendForm(sent) {
  const response = await post('/api/forms', sent);
  return response.status === 422 ? (await response.json()).complaints : undefined;
}

/** @param {'connecting' | 'live' | 'lost'} state */
function showConnection(state) {
  const text = { connecting: 'Connecting …', live: 'Live', lost: 'Connection lost, trying again …' };
  byId('connection').textContent = text[state];
  byId('connection').className = `connection ${state}`;
}
