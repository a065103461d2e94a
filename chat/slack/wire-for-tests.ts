import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { scopes } from './scopes.ts';

type Args = Readonly<Record<string, string>>;
type Answer = Readonly<Record<string, unknown>> | { readonly status: number; readonly retryAfter?: number };

/** Slack as the adapter sees it: its Web API and its sockets, which answer what the test says. */
export interface Wire extends AsyncDisposable {
  readonly apiUrl: string;
  readonly calls: { readonly method: string; readonly args: Args }[];
  called(method: string): Args[];
  /** What a method answers instead of the usual. */
  readonly answers: Map<string, (args: Args) => Answer>;
  /** What the token is allowed. */
  granted: readonly string[];
  /** Whether it says hello by a new socket. */
  greets: boolean;
  readonly sockets: WebSocket[];
  /** Brings something by a socket; answers what comes back with its acknowledgement. */
  bring(type: string, payload: object, options?: Bringing): Promise<Record<string, unknown>>;
  /** Waits until something holds; it is looked at after each call and each acknowledgement. */
  until(holds: () => boolean): Promise<void>;
}

interface Bringing {
  readonly socket?: number;
  readonly id?: string;
  /** How often it was brought before. */
  readonly retries?: number;
}

export async function startWire(): Promise<Wire> {
  const calls: Wire['calls'] = [];
  const answers: Wire['answers'] = new Map();
  const sockets: WebSocket[] = [];
  const acks = new Map<string, Record<string, unknown>>();
  const waiting = new Set<() => void>();
  let count = 0;
  const changed = () => {
    for (const look of [...waiting]) look();
  };

  const server = createServer((request, response) => void take(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockServer = new WebSocketServer({ server });
  sockServer.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('close', () => {
      sockets.splice(sockets.indexOf(socket), 1);
      changed();
    });
    socket.on('message', (data) => {
      const { envelope_id, payload } = JSON.parse(String(data)) as { envelope_id: string; payload: object };
      acks.set(envelope_id, { ...payload });
      changed();
    });
    if (wire.greets) socket.send(JSON.stringify({ type: 'hello', num_connections: sockets.length }));
    changed();
  });

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const method = request.url?.split('/').at(-1) ?? '';
    const args = Object.fromEntries(new URLSearchParams(body));
    calls.push({ method, args });
    const answer = answers.get(method)?.(args) ?? usual(method, args);
    const { status = 200, retryAfter } = answer as { status?: number; retryAfter?: number };
    const wait = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
    response.writeHead(status, {
      'Content-Type': 'application/json',
      'X-OAuth-Scopes': wire.granted.join(','),
      ...wait,
    });
    response.end(JSON.stringify({ ok: true, ...answer }));
    changed();
  }

  function usual(method: string, args: Args): Answer {
    const here = `127.0.0.1:${port}`;
    switch (method) {
      case 'auth.test':
        return { team_id: 'T0LAB', user_id: 'U0BOT', bot_id: 'B0BOT' };
      case 'apps.connections.open':
        return { url: `ws://${here}/socket` };
      case 'chat.postMessage':
        return { channel: args.channel, ts: `1700000000.${String(++count).padStart(6, '0')}` };
      case 'conversations.open':
        return { channel: { id: `D${args.users?.slice(1)}` } };
      case 'files.getUploadURLExternal':
        return { upload_url: `http://${here}/upload`, file_id: 'F0LOG' };
      case 'usergroups.list':
        return { usergroups: [{ id: 'S0OPS', handle: 'ops', users: ['U0ANA'] }] };
      case 'users.list':
        return { members: [{ id: 'U0ANA', name: 'ana', profile: { display_name: 'Ana' } }] };
      case 'views.publish':
        return { view: { id: 'V0HOME', hash: `hash-${++count}` } };
      default:
        return {};
    }
  }

  const wire: Wire = {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    calls,
    called: (method) => calls.flatMap((call) => (call.method === method ? [call.args] : [])),
    answers,
    granted: scopes,
    greets: true,
    sockets,
    async bring(type, payload, { socket = 0, id = `envelope-${++count}`, retries = 0 } = {}) {
      acks.delete(id);
      const envelope = { envelope_id: id, type, payload, accepts_response_payload: true, retry_attempt: retries };
      sockets[socket]?.send(JSON.stringify(envelope));
      await wire.until(() => acks.has(id));
      return acks.get(id) ?? {};
    },
    async until(holds) {
      const done = Promise.withResolvers<void>();
      const look = () => holds() && done.resolve();
      waiting.add(look);
      look();
      await done.promise;
      waiting.delete(look);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.terminate();
      sockServer.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return wire;
}
