import type { WebSocket } from 'ws';
import type { World } from '../world.ts';

/** Why Slack says that it closes a socket. */
export type Farewell = 'warning' | 'refresh_requested' | 'too_many_websockets' | 'link_disabled';

/** One socket of the app. */
export interface Connection {
  /** Whether new things are sent by it. */
  readonly takes: boolean;
  send(message: object): void;
  /** Says goodbye; the socket closes after a while. Nothing new comes by it, but after a warning. */
  leave(reason: Farewell): void;
  /** Cuts it off without a word. */
  drop(): void;
}

interface Options {
  readonly count: number;
  /** An acknowledgement, or whatever else came. */
  hear(message: Readonly<Record<string, unknown>>, from: Connection): void;
  gone(which: Connection): void;
}

const pingMs = 10_000;

/** Greets a socket and keeps it alive. */
export function openConnection(world: World, socket: WebSocket, { count, hear, gone }: Options): Connection {
  const { app, clock, settings } = world;
  let leaving = false;
  const debug = { host: 'applink-lab', approximate_connection_time: 18_060 };
  const connection: Connection = {
    get takes() {
      return !leaving && socket.readyState === socket.OPEN;
    },
    send: (message) => socket.send(JSON.stringify(message)),
    leave(reason) {
      leaving = reason !== 'warning';
      connection.send({ type: 'disconnect', reason, debug_info: { host: debug.host } });
      if (reason === 'too_many_websockets' || reason === 'link_disabled') socket.close();
      else clock.after(settings.refreshMs, () => socket.close());
    },
    drop: () => socket.terminate(),
  };
  // Slack's clients take a socket for dead when it does not ping.
  const pings = setInterval(() => socket.ping('ping from the lab'), pingMs);
  pings.unref();
  socket.on('message', (data) => {
    const text = String(data);
    try {
      hear(JSON.parse(text) as Record<string, unknown>, connection);
    } catch (error) {
      world.violations.push({ kind: 'wrong-acknowledgement', where: 'socket', problems: [`${error}: ${text}`] });
    }
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearInterval(pings);
    gone(connection);
  });
  connection.send({ type: 'hello', num_connections: count, connection_info: { app_id: app.id }, debug_info: debug });
  return connection;
}
