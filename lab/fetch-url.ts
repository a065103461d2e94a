import type { IncomingMessage } from 'node:http';
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';

const mostRedirects = 5;

/** What a web server said about an address; `body` is its bytes. */
export interface Fetched {
  readonly status: number;
  readonly reason: string;
  readonly size: number;
  readonly type: string;
  readonly body: IncomingMessage;
}

/**
 * Asks a web server as a node would (not by `fetch`, which refuses some ports and hides why a connection failed).
 * Follows redirects. Rejects with `Connection refused` and the like when nobody answers.
 */
export async function fetchUrl(url: URL, method: 'GET' | 'HEAD', signal?: AbortSignal): Promise<Fetched> {
  let at = url;
  for (let hop = 0; ; hop++) {
    const body = await ask(at, method, signal);
    const status = body.statusCode ?? 0;
    const to = body.headers.location;
    if (status < 300 || status > 399 || to === undefined || hop >= mostRedirects) {
      const size = Number(body.headers['content-length'] ?? 0);
      const type = body.headers['content-type'] ?? 'application/octet-stream';
      return { status, reason: body.statusMessage ?? '', size, type, body };
    }
    body.resume();
    at = new URL(to, at);
  }
}

function ask(url: URL, method: string, signal: AbortSignal | undefined): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    const request = get(url, { method, agent: false, ...(signal ? { signal } : {}) }, resolve);
    request.on('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(error.code === 'ECONNREFUSED' ? 'Connection refused' : error.message, { cause: error })),
    );
  });
}
