import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const mebibyte = Buffer.alloc(1024 * 1024, 'x');

/** Writes as long as somebody reads. */
export function flood(response: ServerResponse): void {
  while (!response.destroyed && response.write(mebibyte));
  if (!response.destroyed) response.once('drain', () => flood(response));
}

/** Writes a byte now and then, for ever. */
export function trickle(response: ServerResponse): void {
  const timer = setInterval(() => response.write('x'), 5);
  response.on('close', () => clearInterval(timer));
}

/** An HTTP server that answers whatever it is asked in this way. */
export async function serveBody(reply: (response: ServerResponse) => void) {
  const closed = Promise.withResolvers<void>();
  let sent = () => 0;
  const server = createServer((request, response) => {
    const { socket } = response;
    sent = () => socket?.bytesWritten ?? 0;
    response.on('close', () => closed.resolve());
    request.resume();
    reply(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/SUMS`,
    /** Bytes that were written for the last answer. */
    sent: () => sent(),
    /** Resolves when the answer's connection is closed. */
    closed: closed.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
