import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { DiscordError, StatusError } from '../error.ts';
import { type RestFault, takeRestFault } from '../faults.ts';
import { checkOwn, checkRequest } from '../rules/check.ts';
import { answers } from '../rules/schemas.ts';
import type { Call, World } from '../world.ts';
import { readBody } from './body.ts';
import { tidy } from './quirks.ts';
import { type Allowance, makeRateLimits, refusal } from './rate-limits.ts';
import { findRoute, type Route } from './route.ts';
import { sendJson } from './send.ts';

/** What else the server has beside the API: the page, files. True when it has answered. */
export type Beside = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;

/** The REST API under `/api/v10`, not yet listening. */
export function makeServer(world: World, routes: readonly Route[], beside: Beside): Server {
  const limits = makeRateLimits(world.clock);
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://lab');
    const path = /^\/api(?:\/v\d+)?(\/.*)$/.exec(url.pathname)?.[1];
    if (path === undefined) {
      if (!beside(request, response, url)) sendJson(response, 404, { message: '404: Not Found', code: 0 });
      return;
    }
    serve(world, routes, limits, request, response, path, url.searchParams).catch((error) => {
      const problem = `${error instanceof Error ? error.stack : error}`;
      world.violations.push({ kind: 'wrong-answer', where: `${request.method} ${path}`, problems: [problem] });
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { message: '500: Internal Server Error', code: 0 });
    });
  });
}

async function serve(
  world: World,
  routes: readonly Route[],
  limits: ReturnType<typeof makeRateLimits>,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams,
): Promise<void> {
  const method = request.method ?? 'GET';
  const found = findRoute(routes, method, path);
  const where = `${method} ${found?.route.path ?? path}`;
  const call: Call = { route: where, path, at: world.clock.now(), status: undefined };
  world.calls.push(call);
  response.on('finish', () => {
    call.status = response.statusCode;
    world.changes.tell();
  });
  const fault = takeRestFault(world.faults, method, path);
  // A body that nobody reads would break the connection for the next request.
  const sent = readBody(request, world.settings.mostFileBytes * 3).catch((error: unknown) => ({ error }));
  if (fault && (await strike(fault, request, response, sent))) return;
  if (!found) return sendJson(response, 404, { message: '404: Not Found', code: 0 });
  const { route } = found;
  const allowance: Allowance = world.settings.rateLimits
    ? limits(route, found.path)
    : { headers: {}, refused: undefined };
  if (allowance.refused) return sendTooMany(world, response, allowance);
  try {
    if (route.access !== 'open' && request.headers.authorization !== `Bot ${world.application.token}`) {
      throw new StatusError(401, '401: Unauthorized');
    }
    const read = await sent;
    if ('error' in read) throw read.error;
    const body = tidy(read.body);
    if (route.request) checkRequest(world, where, route.request, body);
    const answer = await route.run({ world, where, path: found.path, query, body, files: read.files });
    if (fault?.mode === 'drop-after') return void request.socket.destroy();
    if (answer !== undefined && route.answer) checkOwn(world, 'wrong-answer', where, route.answer, answer);
    sendJson(response, answer === undefined ? 204 : 200, answer, allowance.headers);
  } catch (error) {
    if (fault?.mode === 'drop-after') return void request.socket.destroy();
    if (!(error instanceof DiscordError)) throw error;
    sendError(world, response, error, allowance.headers);
  }
}

/** True when the fault has answered (or cut off) the call by itself. */
async function strike(
  fault: RestFault,
  request: IncomingMessage,
  response: ServerResponse,
  sent: Promise<unknown>,
): Promise<boolean> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false });
  if (fault.mode === 'drop-before') request.socket.destroy();
  if (fault.mode === 'slow' || fault.mode === 'drop-after') return false;
  await sent;
  if (fault.mode === 'status') {
    const status = fault.status ?? 500;
    sendJson(response, status, { message: fault.message ?? `${status}: fault injected`, code: fault.code ?? 0 });
  }
  if (fault.mode === 'rate-limit') {
    const { headers, refused } = refusal(fault.retryAfterMs ?? 1_000, fault.global ?? false);
    sendJson(response, 429, tooMany(refused?.retryAfterMs ?? 0, fault.global ?? false), headers);
  }
  return true;
}

function sendTooMany(world: World, response: ServerResponse, { headers, refused }: Allowance): void {
  const body = tooMany(refused?.retryAfterMs ?? 0, refused?.global ?? false);
  checkOwn(world, 'wrong-answer', '429', answers.rateLimited, body);
  sendJson(response, 429, body, headers);
}

function sendError(world: World, response: ServerResponse, error: DiscordError, headers: Allowance['headers']): void {
  const { status, code, message, errors, retryAfterMs } = error;
  const body = {
    message,
    code,
    ...(errors ? { errors } : {}),
    ...(retryAfterMs === undefined ? {} : { retry_after: retryAfterMs / 1_000, global: false }),
  };
  checkOwn(world, 'wrong-answer', String(code), answers.error, body);
  const more = retryAfterMs === undefined ? {} : refusal(retryAfterMs, false).headers;
  sendJson(response, status, body, { ...headers, ...more });
}

function tooMany(retryAfterMs: number, global: boolean): Record<string, unknown> {
  return { message: 'You are being rate limited.', retry_after: retryAfterMs / 1_000, global, code: 0 };
}
