import { ApiError, authorization, reach } from './api.js';

/**
 * @typedef {object} Listening
 * @property {string} channel
 * @property {(event: string, data: any) => void} hear
 * @property {(state: 'connecting' | 'live' | 'lost') => void} show
 * @property {() => void} signedOut
 * @property {AbortSignal} signal
 */

const silenceMs = 30_000;
const longestPauseMs = 8000;

/**
 * Hears everything that happens, over every break: goes on after the last event that arrived. `fetch` rather than `EventSource`,
 * which can't send the session.
 * @param {Listening} options
 */
export async function listen({ channel, hear, show, signedOut, signal }) {
  let last = '';
  for (let failures = 0; !signal.aborted; ) {
    show(failures === 0 ? 'connecting' : 'lost');
    try {
      for await (const message of connect(channel, last, signal)) {
        failures = 0;
        show('live');
        if (message.id) last = message.id;
        if (message.event) hear(message.event, JSON.parse(message.data));
      }
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return signedOut();
    }
    failures += 1;
    await pause(Math.min(250 * 2 ** failures, longestPauseMs) * (0.5 + Math.random() / 2), signal);
  }
}

/** @param {string} channel @param {string} last @param {AbortSignal} signal */
async function* connect(channel, last, signal) {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), silenceMs);
  try {
    const response = await reach(`/api/events?channel=${encodeURIComponent(channel)}`, {
      headers: { ...authorization(), Accept: 'text/event-stream', ...(last ? { 'Last-Event-ID': last } : {}) },
      signal: AbortSignal.any([signal, silent.signal]),
    });
    const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
    const decoder = new TextDecoder();
    for (let text = ''; ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), silenceMs);
      const parts = (text + decoder.decode(value, { stream: true })).split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) yield parse(part);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} part one event, as the server writes it */
function parse(part) {
  const message = { id: '', event: '', data: '' };
  for (const line of part.split('\n')) {
    const [, name, value] = /^(id|event|data): (.*)$/.exec(line) ?? [];
    if (name !== undefined) message[/** @type {'id'} */ (name)] = value ?? '';
  }
  return message;
}

/** @param {number} lengthMs @param {AbortSignal} signal */
function pause(lengthMs, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, lengthMs);
    // Coming back from sleep or from a dead network is the moment to try.
    const now = () => {
      clearTimeout(timer);
      resolve(undefined);
    };
    window.addEventListener('online', now, { once: true, signal });
    signal.addEventListener('abort', now, { once: true });
  });
}
