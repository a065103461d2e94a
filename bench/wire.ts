import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';

/**
 * Loaded into a part of the bot with `--import=…/wire.ts?to=FILE`: notes how long each call to Proxmox takes, from being made to its answer's last
 * byte, a new connection's handshake included, and how many bytes the answer's body has. One line a call:
 * `POST /api2/json/nodes/… 12.3 340`.
 */
const file = new URL(import.meta.url).searchParams.get('to') ?? '/dev/null';
const began = new WeakMap<object, number>();
const lengths = new WeakMap<object, number>();

subscribe('undici:request:create', (message) => {
  began.set((message as { request: object }).request, performance.now());
});
subscribe('undici:request:bodyChunkReceived', (message) => {
  const { request, chunk } = message as { request: object; chunk: Uint8Array };
  lengths.set(request, (lengths.get(request) ?? 0) + chunk.length);
});
subscribe('undici:request:trailers', (message) => {
  const { request } = message as { request: { method: string; path: string } };
  const start = began.get(request);
  if (start === undefined || !request.path.startsWith('/api2/')) return;
  const tookMs = (performance.now() - start).toFixed(2);
  appendFileSync(file, `${request.method} ${request.path} ${tookMs} ${lengths.get(request) ?? 0}\n`);
});
