import type { IncomingMessage, ServerResponse } from 'node:http';
import { readPage } from '#base/page-files.ts';
import { personNamed } from '../people/person.ts';
import { ClientRefusal } from '../people/refusal.ts';
import { readBody } from '../rest/body.ts';
import { sendJson } from '../rest/send.ts';
import type { Beside } from '../rest/server.ts';
import type { World } from '../world.ts';
import { Act, act } from './act.ts';
import { sendAttachment } from './attachments.ts';
import { sendLive } from './live.ts';

/** What stands beside the API on the same port: the page for people, what it asks, and the files of messages. */
export function makeDesk(world: World): Beside {
  const page = readPage(new URL('../page/', import.meta.url));
  return (request, response, url) => {
    const { pathname, searchParams } = url;
    const user = searchParams.get('user') ?? '';
    const file = page.get(pathname);
    if (request.method === 'GET' && file) response.writeHead(200, { 'content-type': file.type }).end(file.bytes);
    else if (pathname.startsWith('/attachments/')) sendAttachment(world, response, pathname);
    else if (pathname === '/_lab/live')
      sendLive(world, response, personNamed(world, user).id, searchParams.getAll('open'));
    else if (pathname === '/_lab/violations') sendJson(response, 200, world.violations);
    else if (pathname === '/_lab/act' && request.method === 'POST') void answerAct(world, user, request, response);
    else return false;
    return true;
  };
}

/** What the client refuses is told to the person: 409. */
async function answerAct(
  world: World,
  user: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    // Other pages in the same browser cannot send JSON here without asking first.
    if (request.headers['content-type'] !== 'application/json') return sendJson(response, 415, {});
    const { body } = await readBody(request, 1024 * 1024);
    sendJson(response, 200, await act(world, user, Act.parse(body)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    sendJson(response, error instanceof ClientRefusal ? 409 : 500, { why });
  }
}
