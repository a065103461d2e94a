import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type Clock, systemClock } from '#base/clock.ts';
import { UserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import type { ChatListener, ChatPlatform } from '#chat/platform.ts';
import { type Live, openLive } from './live.ts';
import type { WebPerson } from './people.ts';
import { makeRouter } from './routes.ts';
import { openSessions } from './session.ts';
import type { WebStore } from './store.ts';
import { countTries } from './tries.ts';
import { directOf } from './visit.ts';

export interface WebOptions {
  readonly host: string;
  /** 0: any free one; {@link WebConsole.url} says which. */
  readonly port: number;
  readonly store: WebStore;
  readonly people: readonly WebPerson[];
  /** `pick`: whoever opens the page acts as whom they like; for the lab only. */
  readonly signIn: 'key' | 'pick';
  /** Signs sessions; the same on every gateway. Without one, sessions end with this process. */
  readonly secret?: string | undefined;
  readonly title?: string | undefined;
  /** The first one is shown first. */
  readonly channels?: readonly string[] | undefined;
  readonly log: Log;
  readonly clock?: Clock;
  /** So long may a request take to arrive, with its body, in ms; 20 s unless told. */
  readonly requestMs?: number;
}

export interface WebConsole extends ChatPlatform {
  /** Where to open it, with a slash at its end; known when {@link ChatPlatform.start} has resolved. */
  readonly url: string;
}

/** The web console: a page where people type commands and press buttons. Opens nothing before it is started. */
export function openWeb(options: WebOptions): WebConsole {
  const { host, port, store, people, signIn, log, clock = systemClock } = options;
  const { secret = randomBytes(32).toString('hex'), title = 'Botswain', channels = ['ops'] } = options;
  const { requestMs = 20_000 } = options;
  let open: { readonly server: Server; readonly live: Live } | undefined;
  return {
    name: 'web',
    pace: { thread: 'all' },
    health: () => ({ up: true }),
    async direct(account) {
      return { platform: 'web', channel: directOf(account) };
    },
    get url() {
      return open ? urlOf(open.server, host) : `http://${host}:${port}/`;
    },
    async start(listener: ChatListener) {
      const sessions = openSessions({ secret, people, clock });
      const tries = countTries(clock);
      const times = { requestTimeout: requestMs, headersTimeout: requestMs };
      const server = createServer({ ...times, connectionsCheckingInterval: requestMs / 4 });
      await listen(server, host, port);
      const live = openLive({ store, clock, log });
      const room = { title, channels, people, signIn, store, listener, live, sessions, tries, clock, log };
      const route = makeRouter(room);
      server.on('request', (request, response) => void route(request, response));
      open = { server, live };
    },
    async post({ platform, channel, thread }, card, { key }) {
      const place = { platform, channel, ...(thread === undefined ? {} : { thread }) };
      const { platform: _, ...where } = place;
      // What stands in somebody's own channel is for nobody else.
      const to = channel.startsWith('@') ? { to: channel.slice(1) } : {};
      const { message } = await store.add({ ...where, ...to, content: { kind: 'card', card } }, `card:${key}`);
      return { place, id: message.id };
    },
    async edit({ id }, card) {
      const changed = await store.change(id, { kind: 'card', card });
      if (!changed) throw new DeliveryError('the console', 'gone', 'the message is not kept any more.');
    },
    async whisper({ channel, thread }, person, card, { key }) {
      const where = { channel, ...(thread === undefined ? {} : { thread }) };
      await store.add({ ...where, to: person, content: { kind: 'card', card } }, `whisper:${person}:${key}`);
    },
    outsideOf: async (person) =>
      people.some(({ key }) => key === person) ? undefined : 'the console does not know you',
    async groupsOf(person) {
      return people.find(({ key }) => key === person)?.groups ?? [];
    },
    async stop() {
      if (!open) return;
      const { server, live } = open;
      open = undefined;
      const closed = new Promise((resolve) => server.close(resolve));
      await live[Symbol.asyncDispose]();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), 1000);
      await closed;
      clearTimeout(timer);
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} on ${host} is taken by another program.`;
      reject(
        error.code === 'EADDRINUSE'
          ? new UserError(taken, { hint: 'Set web.port in the configuration, or give --port.', cause: error })
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}/`;
}
