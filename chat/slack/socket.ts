import type { ReceiverEvent } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import type { WebClientOptions } from '@slack/web-api';
import { RemoteError } from '#base/errors.ts';
import { atSite } from '#base/site.ts';
import { socketModeOff } from './start-error.ts';

/** One socket to Slack, open until Slack closes it. */
export interface Socket {
  /** Resolves when nothing new comes by this socket: it is closed, or Slack said that it is about to. */
  readonly ended: Promise<void>;
  /** Whether an answer can go by it. */
  readonly open: boolean;
  send(envelope: string, payload: object): Promise<void>;
  close(): Promise<void>;
}

export type Envelope = Pick<ReceiverEvent, 'body' | 'retryNum' | 'retryReason'> & { readonly id: string };

interface Brought {
  readonly envelope_id: string;
  readonly body: ReceiverEvent['body'];
  readonly retry_num?: number;
  readonly retry_reason?: string;
}

/** The part of Slack's client that answers; its type hides it. */
interface Sender {
  readonly websocket?: { isActive(): boolean };
  send(envelope: string, payload: object): Promise<void>;
}

/** How long Slack may take to greet, ms. */
const patienceMs = 10_000;
const closeMs = 1000;

/** Opens a socket; resolves when Slack has greeted. Rejects with what Slack's client says. */
export async function openSocket(
  appToken: string,
  options: WebClientOptions,
  hear: (envelope: Envelope, from: Socket) => void,
  helloMs = patienceMs,
): Promise<Socket> {
  const { logger } = options;
  // By itself it would wait 5 s before it opens the next: who keeps the sockets opens it at once.
  const client = new SocketModeClient({
    appToken,
    autoReconnectEnabled: false,
    clientOptions: { ...options },
    ...(logger ? { logger } : {}),
  });
  const sender = client as unknown as Sender;
  const ended = Promise.withResolvers<void>();
  let off = false;
  client.on('ws_message', (text: unknown) => {
    const { type, reason } = farewell(text);
    if (type !== 'disconnect') return;
    off ||= reason === 'link_disabled';
    ended.resolve();
  });
  client.on('disconnected', () => ended.resolve());
  const socket: Socket = {
    ended: ended.promise,
    get open() {
      return sender.websocket?.isActive() ?? false;
    },
    send: (envelope, payload) => sender.send(envelope, payload),
    async close() {
      const timer = Promise.withResolvers<void>();
      const waiting = setTimeout(timer.resolve, closeMs);
      await Promise.race([client.disconnect(), timer.promise]);
      clearTimeout(waiting);
    },
  };
  // Something may come right behind the greeting, before whoever opens it knows that it is open.
  client.on('slack_event', ({ envelope_id: id, body, retry_num, retry_reason }: Brought) =>
    hear(
      {
        id,
        body,
        ...(retry_num === undefined ? {} : { retryNum: retry_num }),
        ...(retry_reason === undefined ? {} : { retryReason: retry_reason }),
      },
      socket,
    ),
  );
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void client.disconnect();
  }, helloMs);
  // Before Slack has told the address there is nothing to disconnect, and the client opens the socket all the same: then it is closed as soon as it is there.
  client.on('connecting', () => {
    if (late) queueMicrotask(() => void client.disconnect());
  });
  try {
    await atSite('slack socket', () => client.start());
  } catch (error) {
    if (off) throw socketModeOff(error);
    throw error ?? new RemoteError('Slack', 'the socket closed before Slack said hello.', { outcome: 'passing' });
  } finally {
    clearTimeout(timer);
  }
  return socket;
}

/** What Slack says when it is about to close a socket: `{"type":"disconnect","reason":"refresh_requested"}`. */
function farewell(text: unknown): { readonly type?: unknown; readonly reason?: unknown } {
  return typeof text === 'string' && text.includes('"disconnect"') ? (JSON.parse(text) as object) : {};
}
