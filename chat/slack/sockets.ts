import type { App, Receiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import type { Clock } from '#base/clock.ts';
import { UserError, withHint } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Condition } from './condition.ts';
import { processed } from './delivery.ts';
import { type Envelope, openSocket, type Socket } from './socket.ts';
import { startError } from './start-error.ts';

export interface SocketsOptions {
  readonly appToken: string;
  readonly client: WebClientOptions;
  readonly condition: Condition;
  readonly log: Log;
  readonly clock: Clock;
  /** How long after the first one the second opens, ms: Slack closes sockets by their age, so two of one age would go together. */
  readonly apartMs: number;
}

const briefMs = 10_000;
const firstPauseMs = 250;
const mostPauseMs = 30_000;

/**
 * A receiver for Bolt with two sockets. Slack closes each every few hours; what people do meanwhile comes by the other one, and the next is opened
 * while the old one closes.
 */
export function twoSockets({ appToken, client, condition, log, clock, apartMs }: SocketsOptions): Receiver {
  const stopping = new AbortController();
  const { signal } = stopping;
  const sockets = new Set<Socket>();
  const keeping: Promise<void>[] = [];
  let app: App | undefined;

  async function open(): Promise<Socket> {
    const socket = await openSocket(appToken, client, (envelope, from) => void deliver(envelope, from));
    sockets.add(socket);
    condition.right('socket');
    return socket;
  }

  async function deliver({ id, ...event }: Envelope, from: Socket): Promise<void> {
    if (!app) return;
    // An answer counts by whatever socket it goes, and the one that brought the question may be closing.
    const ack = async (payload: object = {}) => {
      const way = [from, ...sockets].find((socket) => socket.open) ?? from;
      await way.send(id, payload);
    };
    await processed(app, { ...event, ack }, log);
  }

  /** Has one socket open until it is told to stop. */
  async function keep(first?: Socket): Promise<void> {
    let next = first;
    let pauseMs = firstPauseMs;
    let brief = 0;
    while (!signal.aborted) {
      try {
        const socket = next ?? (await open());
        next = undefined;
        if (signal.aborted) return await socket.close();
        const openedAt = clock.now();
        await socket.ended;
        sockets.delete(socket);
        if (sockets.size === 0) condition.wrong('socket', 'it closed the socket; the next one is being opened.');
        // One that is closed after a day is followed at once; one after the other that is closed at once is not.
        brief = clock.now() - openedAt < briefMs ? brief + 1 : 0;
        pauseMs = firstPauseMs;
        if (brief > 1) await clock.sleep(Math.min(firstPauseMs * 2 ** brief, mostPauseMs), signal);
      } catch (error) {
        if (signal.aborted) return;
        const known = startError(error, 'app');
        if (sockets.size === 0) condition.wrong('socket', withHint(known));
        else log.warn({ reason: withHint(known) }, 'a Slack socket could not be opened');
        await clock.sleep(known instanceof UserError ? mostPauseMs : pauseMs, signal).catch(() => undefined);
        pauseMs = Math.min(pauseMs * 2, mostPauseMs);
      }
    }
  }

  return {
    init(bolt) {
      app = bolt;
    },
    async start() {
      const first = await open().catch((error: unknown) => {
        throw startError(error, 'app');
      });
      const second = clock.sleep(apartMs, signal).then(
        () => keep(),
        () => undefined,
      );
      keeping.push(keep(first), second);
    },
    async stop() {
      stopping.abort();
      await Promise.all([...sockets].map((socket) => socket.close()));
      await Promise.all(keeping);
    },
  };
}
