import { request } from 'node:http';
import type { Card } from '#base/card.ts';
import type { Clock } from '#base/clock.ts';
import { makeLog } from '#base/log.ts';
import { type Notes, takeNotes } from '#chat/notes-for-tests.ts';
import { openMemoryStore } from './memory-store.ts';
import type { WebMessage } from './store.ts';
import { openWeb, type WebConsole, type WebOptions } from './web.ts';

export const ana = { key: 'ana', name: 'Ana', groups: ['platform'], accessKey: 'the key of ana, long' };
export const ben = { key: 'ben', name: 'Ben', groups: [], accessKey: 'the key of ben, long' };

/** A running console with a bot that only notes what it hears; what it does else is put in by the test. */
export interface TestConsole extends AsyncDisposable, Pick<Notes, 'heard' | 'does'> {
  readonly web: WebConsole;
  /** A session of this person. */
  visit(person: string): Promise<Visitor>;
  send(path: string, options?: RequestInit): Promise<Response>;
}

export async function startConsole(options: Partial<WebOptions> = {}): Promise<TestConsole> {
  const web = openWeb({
    host: '127.0.0.1',
    port: 0,
    store: openMemoryStore(),
    people: [ana, ben],
    signIn: 'pick',
    log: makeLog('web', 'silent'),
    ...options,
  });
  const { listener, heard, does } = takeNotes();
  // As the real bot answers: help is for the one who asks.
  does.command = async ({ text }) => (text.startsWith('/help') ? 'private' : 'public');
  await web.start(listener);
  const send = (path: string, init?: RequestInit) => fetch(new URL(path, web.url), init);
  return {
    web,
    heard,
    does,
    send,
    visit: async (person) => {
      const response = await send('/api/sessions', json({ person }));
      const { token } = (await response.json()) as { token: string };
      return makeVisitor(web.url, token);
    },
    [Symbol.asyncDispose]: () => web.stop(),
  };
}

/** Somebody with a session. */
export type Visitor = ReturnType<typeof makeVisitor>;

export function makeVisitor(url: string, token: string) {
  const authorization = { Authorization: `Bearer ${token}` };
  return {
    get: (path: string) => fetch(new URL(path, url), { headers: authorization }),
    post: (path: string, body: unknown) => fetch(new URL(path, url), json(body, authorization)),
    type: (text: string, id: string = crypto.randomUUID()) =>
      fetch(new URL('/api/commands', url), json({ id, channel: 'ops', text }, authorization)),
    press: (message: string, button: string) =>
      fetch(new URL('/api/presses', url), json({ id: crypto.randomUUID(), message, token: button }, authorization)),
    /** Opens the stream of events of a channel, after `last` when given. */
    async listen(last?: string, channel = 'ops') {
      const stopping = new AbortController();
      const headers = { ...authorization, ...(last === undefined ? {} : { 'Last-Event-ID': last }) };
      const response = await fetch(new URL(`/api/events?channel=${encodeURIComponent(channel)}`, url), {
        headers,
        signal: stopping.signal,
      });
      if (!response.body) throw new Error('The stream of events has no body.');
      return makeEars(response.body, stopping);
    },
  };
}

export interface Told {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

function makeEars(body: ReadableStream<Uint8Array>, stopping: AbortController) {
  // Held from now on: fetch ends the stream of a response that nobody holds any more.
  const chunks = body.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>);
  const events = parse(chunks);
  const told: Told[] = [];
  return {
    told,
    /** Listens until something fits, and answers it. What was heard before counts too. */
    async until(fits: (told: Told) => boolean): Promise<Told> {
      const earlier = told.find(fits);
      if (earlier) return earlier;
      for (;;) {
        const { value, done } = await events.next();
        if (done) throw new Error(`The stream ended; it told ${JSON.stringify(told)}`);
        told.push(value);
        if (fits(value)) return value;
      }
    },
    async untilEnd(): Promise<void> {
      while (!(await events.next()).done);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
    },
  };
}

async function* parse(chunks: ReadableStream<string>): AsyncGenerator<Told, void> {
  let text = '';
  for await (const chunk of chunks) {
    const parts = (text + chunk).split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1] ?? '';
      if (field('event')) yield { id: field('id'), event: field('event'), data: JSON.parse(field('data')) };
    }
  }
}

/** Whether something told is a message that says this. */
export function says(text: string): (told: Told) => boolean {
  return ({ event, data }) => event === 'message' && textOf(data as WebMessage) === text;
}

export function textOf({ content }: WebMessage): string {
  return content.kind === 'card' ? content.card.fallback : content.text;
}

export function messagesOf({ data }: Told): readonly WebMessage[] {
  return (data as { messages: WebMessage[] }).messages;
}

export function card(text: string, ...tokens: string[]): Card {
  const actions = tokens.map((token) => ({ label: token, token }));
  return {
    tone: 'info',
    fallback: text,
    blocks: [
      { kind: 'text', text },
      { kind: 'actions', actions },
    ],
  };
}

/** A POST of this as JSON. */
export function json(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** A clock that stands still until it is moved. */
export function standingClock(): Clock & { moveOn(lengthMs: number): void } {
  let now = 1_700_000_000_000;
  return {
    now: () => now,
    sleep: (_, signal) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    moveOn(lengthMs) {
      now += lengthMs;
    },
  };
}

/** The status of a request with headers that `fetch` would not send. */
export function statusWith(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end();
  });
}
