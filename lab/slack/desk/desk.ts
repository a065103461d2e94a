import type { IncomingMessage, ServerResponse } from 'node:http';
import { readPage } from '#base/page-files.ts';
import { readBytes } from '../web/body.ts';
import type { Beside } from '../web/server.ts';
import type { World } from '../world.ts';
import { type Doing, doAs } from './actions.ts';
import { stateFor } from './state.ts';

/** As often as that the page is told what changed, at most. */
const everyMs = 50;

/** The page on which people look at the workspace and act in it. Answers whether a request was for it. */
export function makeDesk(world: World): Beside {
  const page = readPage(new URL('../page/', import.meta.url));
  return (request, response, url) => {
    const file = page.get(url.pathname);
    const doing = /^\/do\/(\w+)$/.exec(url.pathname)?.[1];
    if (request.method === 'GET' && file) {
      response.writeHead(200, { 'Content-Type': file.type, 'Cache-Control': 'no-cache', ...safe });
      response.end(file.bytes);
    } else if (url.pathname === '/events') follow(world, url.searchParams.get('user') ?? '', response);
    else if (url.pathname.startsWith('/files/')) sendFile(world, url.pathname.split('/')[2] ?? '', response);
    else if (request.method === 'POST' && doing) void act(world, doing, request, response);
    else return false;
    return true;
  };
}

/** Nothing from elsewhere is loaded, and nobody else shows it in a frame. */
const safe = {
  'Content-Security-Policy': "default-src 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
};

/** What this person sees, now and whenever something has changed. */
function follow(world: World, user: string, response: ServerResponse): void {
  if (!world.users.has(user)) return void response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  let timer: NodeJS.Timeout | undefined;
  let last = '';
  const send = () => {
    timer = undefined;
    const data = JSON.stringify(stateFor(world, user));
    if (data !== last) response.write(`data: ${data}\n\n`);
    last = data;
  };
  const end = world.changes.watch(() => {
    timer ??= setTimeout(send, everyMs).unref();
  });
  response.on('close', () => {
    clearTimeout(timer);
    end();
  });
  send();
}

/** Only pages of this server can send JSON to it, so no other page acts in somebody's name. */
async function act(world: World, name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, answer: unknown) => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answer));
  };
  if (!request.headers['content-type']?.startsWith('application/json'))
    return send(415, { ok: false, text: 'Send JSON.' });
  try {
    const doing = JSON.parse((await readBytes(request)).toString('utf8')) as Doing;
    send(200, (await doAs(world, name, doing)) ?? {});
  } catch (error) {
    world.violations.push({ kind: 'lab-bug', where: `page: ${name}`, problems: [String(error)] });
    send(500, { ok: false, text: String(error) });
  }
}

function sendFile(world: World, id: string, response: ServerResponse): void {
  const bytes = world.files.get(id)?.bytes;
  if (!bytes) return void response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', ...safe });
  response.end(bytes);
}
