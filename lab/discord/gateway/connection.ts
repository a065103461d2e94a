import type { RawData, WebSocket } from 'ws';
import type { World } from '../world.ts';
import { identify } from './identify.ts';
import { resume } from './resume.ts';
import type { Session } from './session.ts';
import { makeWire } from './wire.ts';

/** What a client sends. */
interface Sent {
  readonly op: number;
  readonly d: unknown;
}

const mostSends = 120;

/** Speaks the gateway's protocol on one socket: hello, heartbeats, then a session is begun or resumed. */
export function serveConnection(
  world: World,
  sessions: Map<string, Session>,
  socket: WebSocket,
  compress: boolean,
): void {
  const wire = makeWire(socket, compress);
  let session: Session | undefined;
  const sends: number[] = [];
  wire.send({ op: 10, s: null, t: null, d: { heartbeat_interval: world.settings.heartbeatMs, _trace: [] } });

  socket.on('message', (bytes: RawData) => {
    const now = world.clock.now();
    sends.push(now);
    while ((sends[0] ?? now) < now - 60_000) sends.shift();
    if (sends.length > mostSends) return socket.close(4008, 'Rate limited.');
    const sent = parse(String(bytes));
    if (!sent) return socket.close(4002, 'Error while decoding payload.');
    if (sent.op === 1) return wire.send({ op: 11, s: null, t: null, d: null });
    if (sent.op === 2) {
      if (session) return socket.close(4005, 'Already authenticated.');
      session = identify(world, sessions, wire, sent.d);
    }
    if (sent.op === 6) session = resume(world, sessions, wire, sent.d);
    if (!session && sent.op !== 6 && sent.op !== 2) socket.close(4003, 'Not authenticated.');
    world.changes.tell();
  });
  socket.on('close', (code) => {
    if (session?.wire !== wire) return;
    session.wire = undefined;
    session.droppedAt = world.clock.now();
    // A client that says goodbye has done with its session.
    if (code === 1000 || code === 1001) sessions.delete(session.id);
    world.changes.tell();
  });
  // An error is always followed by `close`.
  socket.on('error', () => {});
}

function parse(text: string): Sent | undefined {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null || !('op' in read)) return undefined;
    return { op: Number(read.op), d: 'd' in read ? read.d : undefined };
  } catch {
    // Not JSON: the caller closes with 4002.
    return undefined;
  }
}
