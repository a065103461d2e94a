import type { WebSocket } from 'ws';
import { takeGatewayFault } from '../faults.ts';
import { checkOwn } from '../rules/check.ts';
import type { GatewayEvent, World } from '../world.ts';
import { eventShapes } from './event-shapes.ts';

/** What can be resumed: it outlives its socket for a while. */
export interface Session {
  readonly id: string;
  readonly intents: number;
  /** What was sent, for those who resume. */
  readonly sent: Dispatch[];
  wire: Wire | undefined;
  droppedAt: number | undefined;
}

export interface Dispatch {
  readonly op: 0;
  readonly s: number;
  readonly t: string;
  readonly d: Readonly<Record<string, unknown>>;
}

/** One connection, with what it takes to write on it. */
export interface Wire {
  readonly socket: WebSocket;
  send(payload: unknown): void;
}

/** Writes an event down for the session and sends it, unless a fault is in the way. */
export function dispatch(world: World, session: Session, event: GatewayEvent): void {
  if (event.intent !== 0 && (session.intents & event.intent) === 0) return;
  const d = event.payload(session.intents);
  const wanted = eventShapes[event.name];
  if (wanted) checkOwn(world, 'wrong-event', event.name, wanted, d);
  const fault = takeGatewayFault(world.faults, event.name);
  for (let copies = fault?.mode === 'twice' ? 2 : 1; copies > 0; copies -= 1) {
    const message: Dispatch = { op: 0, s: session.sent.length + 1, t: event.name, d };
    session.sent.push(message);
    if (fault?.mode !== 'drop-before') session.wire?.send(message);
  }
  if (fault?.mode === 'drop-before') session.wire?.socket.terminate();
  // Closing sends what is still in the buffer; `terminate` would not.
  if (fault?.mode === 'drop-after') session.wire?.socket.close(4000, 'fault injected');
}
