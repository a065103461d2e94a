import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';

/**
 * Loaded into a part of the bot with `--import=…/wire.ts?to=FILE`: notes how long each call to Proxmox takes, from being made to its answer's last
 * byte, a new connection's handshake included. One line a call: `POST /api2/json/nodes/… 12.3`.
 */
const file = new URL(import.meta.url).searchParams.get('to') ?? '/dev/null';
const began = new WeakMap<object, number>();

subscribe('undici:request:create', (message) => {
  began.set((message as { request: object }).request, performance.now());
});
subscribe('undici:request:trailers', (message) => {
  const { request } = message as { request: { method: string; path: string } };
  const start = began.get(request);
  if (start === undefined || !request.path.startsWith('/api2/')) return;
  appendFileSync(file, `${request.method} ${request.path} ${(performance.now() - start).toFixed(2)}\n`);
});
