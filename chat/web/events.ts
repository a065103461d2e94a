import type { ServerResponse } from 'node:http';
import { safeHeaders } from './exchange.ts';
import { calling } from './people.ts';
import { isTakenBack, maySee, type WebEvent, type WebMessage } from './store.ts';
import { channelOf, directOf, type Room, type SignedVisit } from './visit.ts';

const firstMessages = 200;
/** A page that reads this slowly is cut off; it comes back and goes on where it stopped. */
const mostWaitingBytes = 4 * 1024 * 1024;

/**
 * `GET /api/events?channel=`: server-sent events. First `snapshot` (the newest messages), or with `Last-Event-ID` what happened since;
 * then `message` for each that is new or changed, `elsewhere` when something new stands in another channel, and `people` (keys) when somebody comes or goes.
 * Private messages go to their person only.
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
  let newestElsewhere = 0;
  const tell = ({ cursor, message }: WebEvent) => {
    if (!maySee(message, person.key)) return;
    if (message.channel === channel) return send(response, 'message', message, cursor);
    if (!isNews(message) || Number(message.id) <= newestElsewhere) return;
    newestElsewhere = Number(message.id);
    send(response, 'elsewhere', { channel: message.channel, id: message.id }, cursor);
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
  const messages = recent.filter((message) => maySee(message, person.key) && !isTakenBack(message));
  const newest = await newestIn(room, [...room.channels, directOf(person.key)], person.key);
  const snapshot = { now: room.clock.now(), people: room.people.map(calling), newest, messages };
  return { cursor, missed: [], snapshot };
}

/** The id of what the bot said last in each channel, for marks of what was not read yet. */
async function newestIn({ store }: Room, channels: readonly string[], person: string): Promise<Record<string, string>> {
  const found = await Promise.all(
    channels.map(async (channel) => [channel, (await store.recent(channel, 1, person)).findLast(isNews)?.id] as const),
  );
  return Object.fromEntries(found.flatMap(([channel, id]) => (id === undefined ? [] : [[channel, id]])));
}

const isNews = ({ content, thread }: WebMessage) => content.kind === 'card' && thread === undefined;

function send(response: ServerResponse, event: string, data: unknown, id?: string): void {
  const line = id === undefined ? '' : `id: ${id}\n`;
  write(response, `${line}event: ${event}\ndata: ${JSON.stringify(data)}`);
}

function write(response: ServerResponse, lines: string): void {
  if (response.writableEnded || response.destroyed) return;
  response.write(`${lines}\n\n`);
  if (response.writableLength > mostWaitingBytes) response.destroy();
}
