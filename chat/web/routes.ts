import type { IncomingMessage, ServerResponse } from 'node:http';
import { takeCommand } from './commands.ts';
import { streamEvents } from './events.ts';
import { answer } from './exchange.ts';
import { takeForm } from './forms.ts';
import { complete, home, readThread, words } from './look-up.ts';
import { requirePlainHost, requireSameOrigin } from './origin.ts';
import { readConsole, sendFile } from './page-files.ts';
import { takePress } from './presses.ts';
import { complain, Refusal } from './refusal.ts';
import { openSession, welcome } from './sign-in.ts';
import { type Room, type SignedVisit, signed, type Visit } from './visit.ts';

type Act = (visit: Visit) => Promise<void>;

/** Everything below `/api`, by method and path. */
const table: ReadonlyMap<string, Act> = new Map<string, Act>([
  ['GET /api/console', welcome],
  ['POST /api/sessions', openSession],
  ['GET /api/events', forSigned(streamEvents)],
  ['GET /api/threads', forSigned(readThread)],
  ['GET /api/complete', forSigned(complete)],
  ['POST /api/commands', forSigned(takeCommand)],
  ['POST /api/presses', forSigned(takePress)],
  ['POST /api/forms', forSigned(takeForm)],
  ['GET /api/words', forSigned(words)],
  ['GET /api/home', forSigned(home)],
]);

/** Answers every request of the console: the page's files and what stands in the table above. Never rejects. */
export function makeRouter(room: Room): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const page = readConsole();
  return async (request, response) => {
    try {
      const url = new URL(request.url ?? '/', 'http://console');
      if (room.signIn === 'pick') requirePlainHost(request);
      const method = request.method ?? 'GET';
      const file = page.get(url.pathname);
      if (file) {
        if (method !== 'GET' && method !== 'HEAD') throw notAllowed(method, url.pathname, 'GET, HEAD');
        return sendFile(request, response, file);
      }
      if (method === 'POST') requireSameOrigin(request);
      await find(method, url.pathname)({ room, request, response, url });
    } catch (error) {
      // They have gone away in the middle of it; there is nobody to tell.
      if (request.socket.destroyed) return;
      const { status, headers, complaint, bug } = complain(error);
      if (bug) room.log.error({ err: error, path: request.url?.split('?')[0] }, 'a bug in the web console');
      answer(response, status, { error: complaint }, headers);
    }
  };
}

function find(method: string, path: string): Act {
  const act = table.get(`${method} ${path}`);
  if (act) return act;
  const others = [...table.keys()].filter((one) => one.endsWith(` ${path}`)).map((one) => one.split(' ')[0]);
  if (others.length > 0) throw notAllowed(method, path, others.join(', '));
  throw new Refusal(404, `There is nothing at ${path.slice(0, 200)}.`);
}

function notAllowed(method: string, path: string, allowed: string): Refusal {
  return new Refusal(405, `${path} takes ${allowed}, not ${method}.`, { Allow: allowed });
}

function forSigned(act: (visit: SignedVisit) => Promise<void>): Act {
  return (visit) => act(signed(visit));
}
