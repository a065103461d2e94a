import type { ServerResponse } from 'node:http';
import { safeHeaders } from './exchange.ts';
import { calling } from './people.ts';
import { maySee, type WebEvent } from './store.ts';
import { channelOf, type SignedVisit } from './visit.ts';

const firstMessages = 200;
/** A page that reads this slowly is cut off; it comes back and goes on where it stopped. */
const mostWaitingBytes = 4 * 1024 * 1024;

/**
 * `GET /api/events?channel=`: server-sent events. First `snapshot` (the newest messages), or with `Last-Event-ID` what happened since;
 * then `message` for each that is new or changed, and `people` (keys) when somebody comes or goes. Private messages go to their person only.
 */
export async function streamEvents(visit: SignedVisit): Promise<void> {
  const { room, request, response, url, person, until } = visit;
  const channel = channelOf(room, url.searchParams.get('channel') ?? '', person);
  await room.live.ready;
  // What is told while the beginning is being read waits until that is sent.
  let waiting: (() => void)[] | undefined = [];
  // Without this, a write to somebody who has just gone away would end the process.
  response.on('error', (error) => room.log.debug({ reason: error.message }, 'somebody has gone away'));
  const inTurn = (say: () => void) => (waiting ? waiting.push(say) : say());
  const tell = ({ cursor, message }: WebEvent) => {
    if (message.channel === channel && maySee(message, person.key)) send(response, 'message', message, cursor);
  };
  using _ = room.live.join({
    person: person.key,
    until,
    tell: (event) => inTurn(() => tell(event)),
    greet: (people) => inTurn(() => send(response, 'people', people)),
    beat: () => inTurn(() => write(response, ': beat')),
    end: () => response.end(),
  });

  const { snapshot, cursor, missed } = await beginning(visit, channel);
  if (response.writableEnded || response.closed) return;
  request.socket.setNoDelay(true);
  response.writeHead(200, {
    ...safeHeaders,
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // Some proxies collect an answer before they pass it on.
    'X-Accel-Buffering': 'no',
  });
  write(response, ': hello');
  if (snapshot) send(response, 'snapshot', snapshot, cursor);
  for (const event of missed) tell(event);
  for (const say of waiting) say();
  waiting = undefined;
  await new Promise<void>((resolve) => response.once('close', resolve));
}

interface Beginning {
  readonly cursor: string;
  readonly missed: readonly WebEvent[];
  readonly snapshot?: unknown;
}

async function beginning({ room, request, person }: SignedVisit, channel: string): Promise<Beginning> {
  const last = request.headers['last-event-id'];
  const missed = typeof last === 'string' ? await room.store.since(last) : undefined;
  if (missed && typeof last === 'string') return { cursor: last, missed };
  const cursor = await room.store.cursor();
  const recent = await room.store.recent(channel, firstMessages, person.key);
  const messages = recent.filter((message) => maySee(message, person.key));
  const snapshot = { now: room.clock.now(), people: room.people.map(calling), messages };
  return { cursor, missed: [], snapshot };
}

function send(response: ServerResponse, event: string, data: unknown, id?: string): void {
  const line = id === undefined ? '' : `id: ${id}\n`;
  write(response, `${line}event: ${event}\ndata: ${JSON.stringify(data)}`);
}

function write(response: ServerResponse, lines: string): void {
  if (response.writableEnded || response.destroyed) return;
  response.write(`${lines}\n\n`);
  if (response.writableLength > mostWaitingBytes) response.destroy();
}
