import type { ServerResponse } from 'node:http';

/** An answer on its way out. */
export interface Sent {
  readonly status?: number;
  readonly retryAfterS?: number;
  /** Of the token that asked. */
  readonly scopes?: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export function sendJson(response: ServerResponse, { status = 200, retryAfterS, scopes, body }: Sent): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    ...(retryAfterS === undefined ? {} : { 'Retry-After': String(retryAfterS) }),
    ...(scopes === undefined ? {} : { 'X-OAuth-Scopes': scopes }),
  });
  response.end(JSON.stringify(body));
}
