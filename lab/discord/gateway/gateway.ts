import type { Server } from 'node:http';
import { WebSocketServer } from 'ws';
import type { GatewayEvent, World } from '../world.ts';
import { serveConnection } from './connection.ts';
import { dispatch, type Session } from './session.ts';

/** The gateway, on the same port as REST. */
export interface Gateway {
  emit(event: GatewayEvent): void;
  /** Whether a session is there, connected or about to resume. */
  heard(): boolean;
  /** How many sessions have a socket now. */
  connected(): number;
  /** Cuts every socket. `resumable`: they may go on where they were; otherwise they have to begin anew. */
  drop(resumable?: boolean): void;
  /** Asks every client to reconnect (op 7), as Discord does now and then. */
  reconnect(): void;
  /** Tells every client that its session is over (op 9), and whether it may be resumed. */
  invalidate(resumable: boolean): void;
  /** Closes every socket with this code: 4004 after a token was reset. */
  close(code: number, why: string): void;
  stop(): void;
}

export function startGateway(server: Server, world: World): Gateway {
  const sessions = new Map<string, Session>();
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const query = new URL(request.url ?? '/', 'http://lab').searchParams;
    const compress = query.get('compress') === 'zlib-stream';
    sockets.handleUpgrade(request, socket, head, (opened) => serveConnection(world, sessions, opened, compress));
  });
  const alive = () => {
    const { clock, settings } = world;
    return [...sessions.values()].filter(
      ({ droppedAt }) => droppedAt === undefined || clock.now() - droppedAt <= settings.resumeMs,
    );
  };
  const tellAll = (payload: unknown) => {
    for (const { wire } of sessions.values()) wire?.send(payload);
  };

  return {
    emit(event) {
      for (const session of alive()) dispatch(world, session, event);
    },
    heard: () => alive().length > 0,
    connected: () => [...sessions.values()].filter(({ wire }) => wire !== undefined).length,
    drop(resumable = true) {
      const open = [...sockets.clients];
      if (!resumable) sessions.clear();
      for (const socket of open) socket.terminate();
    },
    reconnect: () => tellAll({ op: 7, s: null, t: null, d: null }),
    invalidate(resumable) {
      tellAll({ op: 9, s: null, t: null, d: resumable });
      if (!resumable) sessions.clear();
    },
    close(code, why) {
      sessions.clear();
      for (const socket of sockets.clients) socket.close(code, why);
    },
    stop() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
