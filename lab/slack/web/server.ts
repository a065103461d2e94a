import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiFault, takeApiFault } from '../faults.ts';
import type { Call, World } from '../world.ts';
import { argumentsIn, readBytes } from './body.ts';
import { callMethod } from './call.ts';
import { SlackError } from './error.ts';
import { takeUpload } from './files.ts';
import { makeRateLimits } from './rate-limits.ts';
import { type Sent, sendJson } from './send.ts';

/** What else the server has beside the API: the page. True when it has answered. */
export type Beside = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;

/** A way in: the Web API's methods, uploads, response URLs. */
interface Door {
  readonly method: string;
  readonly args: Record<string, unknown>;
  readonly run: () => Sent | Promise<Sent>;
}

/** The Web API under `/api/`, not yet listening. `respond` takes what comes by a response_url. */
export function makeServer(
  world: World,
  respond: (token: string, args: Record<string, unknown>) => Sent,
  beside: Beside,
): Server {
  const limits = makeRateLimits(world);

  async function doorFor(request: IncomingMessage, url: URL): Promise<Door> {
    const type = request.headers['content-type'] ?? '';
    const bytes = await readBytes(request);
    const [, kind, rest = ''] = /^\/(api|upload|response)\/(.+)$/.exec(url.pathname) ?? [];
    if (kind === 'upload') return { method: 'upload', args: {}, run: () => takeUpload(world, rest, type, bytes) };
    const args = await argumentsIn(url, type, bytes);
    if (kind === 'response') return { method: 'response_url', args, run: () => respond(rest, args) };
    return { method: rest, args, run: () => callMethod(world, limits, rest, args, request) };
  }

  async function serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const door = await doorFor(request, url);
    const { token: _, ...args } = door.args;
    const call: Call = { method: door.method, args, at: world.clock.now(), result: undefined };
    world.calls.push(call);
    const fault = takeApiFault(world.faults, door.method, door.args.channel, call.at);
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false });
    const struck = fault && strike(fault, call.at);
    const sent = struck === undefined ? await door.run() : struck;
    if (sent === 'drop' || fault?.mode === 'drop-after') request.socket.destroy();
    else sendJson(response, sent);
    if (sent !== 'drop') call.result = sent.body.ok === true ? 'ok' : String(sent.body.error ?? sent.status);
    world.changes.tell();
  }

  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://lab');
    const ours = /^\/(api|upload|response)\//.test(url.pathname);
    if (!ours) {
      if (!beside(request, response, url)) sendJson(response, { status: 404, body: { error: 'not_found' } });
      return;
    }
    if (world.offline) return void request.socket.destroy();
    serve(request, response, url).catch((error) => {
      if (error instanceof SlackError) return sendJson(response, { body: { ok: false, error: error.code } });
      world.violations.push({ kind: 'lab-bug', where: url.pathname, problems: [String(error?.stack ?? error)] });
      sendJson(response, { status: 500, body: { ok: false, error: 'internal_error' } });
    });
  });
}

/** What the fault answers by itself; nothing when the work is to be done all the same. */
function strike(fault: ApiFault, now: number): Sent | 'drop' | undefined {
  switch (fault.mode) {
    case 'error':
      return { body: { ok: false, error: fault.error ?? 'internal_error' } };
    case 'status':
      return { status: fault.status ?? 500, body: { ok: false, error: 'fault_injected' } };
    case 'rate-limit': {
      const leftS = fault.until === undefined ? 1 : Math.ceil((fault.until - now) / 1_000);
      return { status: 429, retryAfterS: fault.retryAfterS ?? leftS, body: { ok: false, error: 'ratelimited' } };
    }
    case 'drop-before':
      return 'drop';
    default:
      return undefined;
  }
}
