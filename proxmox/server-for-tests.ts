import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import { type Api, connectApi } from './api.ts';
import { ProxmoxError } from './errors.ts';
import { ClusterSettings } from './settings.ts';

/** A call as it came over the wire. */
export interface Heard {
  readonly method: string;
  /** Without `/api2/json` and the query. */
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
  /** Which connection it came on, counted from 1. */
  readonly connection: number;
}

/** What the server says. A `body` that is an object goes out as JSON, `hangUp` closes the connection instead. */
export interface Reply {
  readonly status?: number;
  readonly reason?: string;
  readonly body?: unknown;
  readonly hangUp?: boolean;
}

/** A Proxmox-shaped server: it answers what a test tells it, on a self-signed certificate of its own. */
export interface FakeServer extends AsyncDisposable {
  readonly url: string;
  readonly fingerprint: string;
  readonly cert: string;
  readonly heard: Heard[];
  /** How many connections were made. */
  connections(): number;
}

/** Starts a server on loopback. All have the same certificate unless another is given. */
export async function startServer(
  answer: (call: Heard) => Reply | Promise<Reply>,
  { key, cert }: Certificate = usual,
): Promise<FakeServer> {
  const heard: Heard[] = [];
  let connections = 0;
  const numbers = new WeakMap<object, number>();
  const server = createServer({ key, cert }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const call: Heard = {
      ...{ method: request.method ?? '', path: path.replace('/api2/json', ''), query, headers: request.headers },
      body: Buffer.concat(chunks).toString('latin1'),
      connection: numbers.get(request.socket) ?? 0,
    };
    heard.push(call);
    const { status = 200, reason, body = { data: null }, hangUp } = await answer(call);
    if (hangUp) return void request.socket.destroy();
    response.writeHead(status, ...(reason === undefined ? [] : [reason]));
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.on('secureConnection', (socket) => numbers.set(socket, ++connections));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fingerprint: new X509Certificate(cert).fingerprint256,
    ...{ cert, heard },
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Settings for these servers, the first one's certificate pinned. */
export function settingsFor(
  servers: readonly Pick<FakeServer, 'url' | 'fingerprint'>[],
  more: object = {},
): ClusterSettings {
  return ClusterSettings.parse({
    name: 'home',
    hosts: servers.map(({ url }) => url),
    token: { id: 'bot@pve!test', secret: '5f0c7c1e-3d0b-4a57-9c1d-7be2a2f1c9e4' },
    tls: { fingerprints: servers.map(({ fingerprint }) => fingerprint) },
    storages: { disks: 'fast', images: 'local', seeds: 'local' },
    ...more,
  });
}

/** A client and the server it talks to. */
export async function startSetting(
  answer: (call: Heard) => Reply | Promise<Reply>,
  options: { log?: Log; more?: object } = {},
): Promise<{ api: Api; server: FakeServer; clock: QuickClock } & AsyncDisposable> {
  const server = await startServer(answer);
  const clock = quickClock();
  const { log, more } = options;
  const api = connectApi(settingsFor([server], more), { clock, ...(log ? { log } : {}) });
  return {
    ...{ api, server, clock },
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** A clock on which sleeping takes no time; `slept` has what was waited. */
export interface QuickClock extends Clock {
  readonly slept: number[];
}

export function quickClock(): QuickClock {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(lengthMs, signal) {
      signal?.throwIfAborted();
      slept.push(lengthMs);
      now += lengthMs;
    },
  };
}

/** Answers in turn; the last one again and again. */
export function inTurn(...replies: Reply[]): () => Reply {
  return () => (replies.length > 1 ? replies.shift() : replies[0]) ?? {};
}

/** The error that a call ends with. */
export async function failing(call: Promise<unknown>): Promise<ProxmoxError> {
  const error = await call.then(
    () => undefined,
    (caught) => caught,
  );
  assert.ok(error instanceof ProxmoxError, `ended with ${error}`);
  return error;
}

/** Proxmox's way of saying no to parameters. */
export const badParameters = (errors: Readonly<Record<string, string>>): Reply => ({
  status: 400,
  reason: 'Parameter verification failed.',
  body: { data: null, message: 'Parameter verification failed.\n', errors },
});

/** Proxmox's way of saying no to everything else. */
export const no = (status: number, reason: string): Reply => ({
  ...{ status, reason },
  body: { data: null, message: `${reason}\n` },
});

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A new self-signed certificate for 127.0.0.1. */
export function makeCertificate(): Certificate {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', '-'];
  const subject = ['-subj', '/CN=pve1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  const made = execFileSync('openssl', ['req', '-x509', ...curve, ...subject], { encoding: 'utf8', stdio: 'pipe' });
  const begin = made.indexOf('-----BEGIN CERTIFICATE-----');
  return { key: made.slice(0, begin), cert: made.slice(begin) };
}

/** Making one takes its time, so it is made once. */
const usual = makeCertificate();
