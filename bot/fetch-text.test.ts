import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createGzip } from 'node:zlib';
import { RemoteError } from '#base/errors.ts';
import { fetchText } from './fetch-text.ts';

const { signal } = new AbortController();
const mebibyte = Buffer.alloc(1024 * 1024, 'x');

test('a SUMS file is read whole, byte by byte', async () => {
  await using server = await serve((response) => response.end('abc  zwölf.qcow2\n'));

  assert.equal(await fetchText(server.url, signal), 'abc  zwölf.qcow2\n');
});

test('a body that never ends is left after 4 MiB, and named', async () => {
  await using server = await serve(flood);

  await assert.rejects(fetchText(server.url, signal), permanently(/SUMS has more than 4 MiB/));

  await server.closed;
  // What the kernel holds for a socket comes on top of what was read.
  assert.ok(server.sent() < 32 * 1024 * 1024, `${server.sent()} bytes were taken`);
});

test('a limit is in bytes, not in characters', async () => {
  await using server = await serve((response) => response.end('€'.repeat(400)));

  const reading = fetchText(server.url, signal, { mostBytes: 1000, limitMs: 10_000 });

  await assert.rejects(reading, permanently(/has more than 1000 bytes/));
});

test('what was compressed is measured as it is unpacked', async () => {
  await using server = await serve((response) => {
    response.setHeader('Content-Encoding', 'gzip');
    const packed = createGzip();
    packed.pipe(response);
    for (let at = 0; at < 64; at++) packed.write(mebibyte);
    packed.end();
  });

  await assert.rejects(fetchText(server.url, signal), permanently(/has more than 4 MiB/));
});

test('a body that trickles is given up when its time is over, however much came', async () => {
  await using server = await serve((response) => {
    const timer = setInterval(() => response.write('x'), 5);
    response.on('close', () => clearInterval(timer));
  });

  const reading = fetchText(server.url, signal, { mostBytes: 1_000_000, limitMs: 300 });

  await assert.rejects(reading, (error) => error instanceof RemoteError && /had not ended after/.test(error.message));
  await server.closed;
});

test('a page that is not there is said with its status, and nobody waits for its body', async () => {
  await using server = await serve((response) => {
    response.statusCode = 404;
    flood(response);
  });

  await assert.rejects(fetchText(server.url, signal), permanently(/answers 404 Not Found/));

  await server.closed;
});

test('who asked may give up earlier', async () => {
  await using server = await serve(() => undefined);
  const cancel = new AbortController();

  const reading = fetchText(server.url, cancel.signal);
  cancel.abort(new Error('cancelled'));

  await assert.rejects(reading, /cancelled/);
});

function permanently(words: RegExp) {
  return (error: unknown) => error instanceof RemoteError && error.outcome === 'permanent' && words.test(error.message);
}

/** Writes as long as somebody reads. */
function flood(response: ServerResponse): void {
  while (!response.destroyed && response.write(mebibyte));
  if (!response.destroyed) response.once('drain', () => flood(response));
}

async function serve(reply: (response: ServerResponse) => void) {
  const closed = Promise.withResolvers<void>();
  let sent = () => 0;
  const server = createServer((_, response) => {
    const { socket } = response;
    sent = () => socket?.bytesWritten ?? 0;
    response.on('close', () => closed.resolve());
    reply(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/SUMS`,
    sent: () => sent(),
    /** Resolves when the answer's connection is closed. */
    closed: closed.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
