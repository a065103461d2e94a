import type { Server } from 'node:http';
import { WebSocketServer } from 'ws';
import { takeDeliveryFault } from '../faults.ts';
import type { World } from '../world.ts';
import { type Connection, type Farewell, openConnection } from './connection.ts';
import { awaitOutcome, type Delivery, type Outcome } from './delivery.ts';

/** Socket Mode. */
export interface Sockets {
  /** How many sockets are open. */
  readonly count: number;
  /** Sends it by one of the open sockets, in turn, and waits for its acknowledgement, by whichever socket that comes. */
  send(delivery: Delivery): Promise<Outcome>;
  /** Announces that a socket is about to close (the oldest, if none is named by its place), as Slack does every few hours. */
  refresh(place?: number, reason?: Farewell): void;
  /** Cuts one socket, or all of them. */
  drop(place?: number): void;
  stop(): void;
}

export function startSockets(server: Server, world: World): Sockets {
  const connections: Connection[] = [];
  const waiting = new Map<string, { delivery: Delivery; loses: boolean; settle(how: Partial<Outcome>): void }>();
  const known = new Set<string>();
  let turn = 0;

  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const ticket = new URL(request.url ?? '/', 'http://lab').searchParams.get('ticket') ?? '';
    const welcome = !world.offline && world.app.socketMode && world.tickets.delete(ticket);
    if (!welcome) return void socket.destroy();
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const count = connections.length + 1;
      const gone = (which: Connection) => {
        const place = connections.indexOf(which);
        if (place >= 0) connections.splice(place, 1);
        world.changes.tell();
      };
      const connection = openConnection(world, ws, { count, hear, gone });
      connections.push(connection);
      if (count > world.settings.mostSockets) connection.leave('too_many_websockets');
      world.changes.tell();
    });
  });

  function hear({ envelope_id: id, payload }: Readonly<Record<string, unknown>>, from: Connection): void {
    const found = waiting.get(String(id));
    if (!found) {
      if (known.has(String(id))) return;
      world.violations.push({ kind: 'wrong-acknowledgement', where: 'socket', problems: [`no envelope ${id}`] });
      return;
    }
    if (found.loses) {
      found.loses = false;
      from.drop();
      return;
    }
    found.settle({ payload: (payload ?? {}) as Record<string, unknown> });
  }

  async function send(delivery: Delivery): Promise<Outcome> {
    const fault = takeDeliveryFault(world.faults, delivery.kind);
    const { outcome, settle } = awaitOutcome(world);
    waiting.set(delivery.id, { delivery, loses: fault?.mode === 'drop-at-ack', settle });
    known.add(delivery.id);
    const go = () => {
      const open = connections.filter(({ takes }) => takes);
      const connection = open[turn++ % open.length];
      if (!connection || fault?.mode === 'drop-before') {
        connection?.drop();
        return settle({ ok: false, error: 'dispatch_failed' });
      }
      const copies = fault?.mode === 'again' ? (fault.copies ?? 2) : 1;
      for (let copy = 0; copy < copies; copy++) {
        (open[(turn + copy - 1) % open.length] ?? connection).send(envelope(delivery));
        delivery.sent += 1;
      }
      if (fault?.mode === 'drop-after') connection.drop();
    };
    if (fault?.mode === 'hold') world.clock.after(fault.delayMs ?? 0, go);
    else go();
    const how = await outcome;
    waiting.delete(delivery.id);
    return how;
  }

  return {
    get count() {
      return connections.length;
    },
    send,
    refresh: (place = 0, reason = 'refresh_requested') => connections[place]?.leave(reason),
    drop(place) {
      for (const connection of place === undefined ? [...connections] : connections.slice(place, place + 1))
        connection.drop();
    },
    stop() {
      for (const connection of [...connections]) connection.drop();
      sockets.close();
    },
  };
}

function envelope({ id, kind, payload, retry }: Delivery): object {
  return {
    envelope_id: id,
    type: kind,
    payload,
    accepts_response_payload: kind !== 'events_api',
    ...(kind === 'events_api' ? { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' } : {}),
  };
}
