import type { ServerResponse } from 'node:http';
import { Problem } from './problem.ts';
import { Page } from './route.ts';

/** Sends a result in Proxmox's envelope: `{"data": …}`, with `total` for one page of a list. */
export function sendResult(response: ServerResponse, result: unknown, close: boolean): void {
  const body = result instanceof Page ? { data: result.rows, total: result.total } : { data: result ?? null };
  send(response, 200, 'OK', JSON.stringify(body), 'application/json;charset=UTF-8', close);
}

/** Sends a failure: the reason phrase carries its text, the body repeats it or stays empty. */
export function sendProblem(response: ServerResponse, problem: Problem): void {
  const reason = problem.message.split('\n')[0] ?? '';
  if (/[^\t\x20-\x7e\x80-\xff]/.test(reason)) {
    // Perl chokes on wide characters here, and pveproxy sees its worker's connection break.
    send(response, 596, 'Broken pipe', '', undefined, true);
    return;
  }
  if (problem.form !== 'json') {
    const text = problem.form === 'text' ? `${problem.message}\n` : '';
    send(response, problem.status, reason, text, undefined, true);
    return;
  }
  const ending = problem.status === 501 ? '' : '\n';
  const body = {
    data: null,
    message: `${problem.message}${ending}`,
    ...(problem.errors ? { errors: problem.errors } : {}),
  };
  send(response, problem.status, reason, JSON.stringify(body), 'application/json;charset=UTF-8', true);
}

function send(
  response: ServerResponse,
  status: number,
  reason: string,
  body: string,
  type: string | undefined,
  close: boolean,
): void {
  const now = new Date().toUTCString();
  const headers: Record<string, string> = {
    'Cache-Control': 'max-age=0',
    Connection: close ? 'close' : 'Keep-Alive',
    Date: now,
    Expires: now,
    Pragma: 'no-cache',
    Server: 'pve-api-daemon/3.0',
    'Content-Length': String(Buffer.byteLength(body)),
  };
  if (type !== undefined) headers['Content-Type'] = type;
  response.writeHead(status, reason, headers);
  response.end(body);
}

/** Any error as an API answer: Perl's `die` ends as a 500 with its text. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(500, error instanceof Error ? error.message : String(error));
}
