import type { ServerResponse } from 'node:http';
import type { World } from '../world.ts';
import { viewFor } from './view.ts';

const gatherMs = 30;
const aliveMs = 15_000;

/** Sends a person's view as a server-sent event now and after every change; changes that come close together are one event. */
export function sendLive(world: World, response: ServerResponse, userId: string, open: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  let waiting: NodeJS.Timeout | undefined;
  let last = '';
  const send = () => {
    waiting = undefined;
    // A channel can be deleted while somebody looks at it.
    const there = open.filter((id) => world.channels.has(id));
    const text = JSON.stringify(viewFor(world, userId, there));
    if (text !== last) response.write(`data: ${text}\n\n`);
    last = text;
  };
  send();
  const end = world.changes.watch(() => {
    waiting ??= setTimeout(send, gatherMs);
  });
  const alive = setInterval(() => response.write(':\n\n'), aliveMs);
  response.on('close', () => {
    end();
    clearTimeout(waiting);
    clearInterval(alive);
  });
}
