import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGzip } from 'node:zlib';
import { flood, mebibyte, serveBody, trickle } from '#base/body-server-for-tests.ts';
import { RemoteError } from '#base/errors.ts';
import { fetchText } from './fetch-text.ts';

const { signal } = new AbortController();

test('a SUMS file is read whole, byte by byte', async () => {
  await using server = await serveBody((response) => response.end('abc  zwölf.qcow2\n'));

  assert.equal(await fetchText(server.url, signal), 'abc  zwölf.qcow2\n');
});

test('a body that never ends is left after 4 MiB, and named', async () => {
  await using server = await serveBody(flood);

  await assert.rejects(fetchText(server.url, signal), permanently(/SUMS has more than 4 MiB/));

  await server.closed;
  // What the kernel holds for a socket comes on top of what was read.
  assert.ok(server.sent() < 32 * 1024 * 1024, `${server.sent()} bytes were taken`);
});

test('a limit is in bytes, not in characters', async () => {
  await using server = await serveBody((response) => response.end('€'.repeat(400)));

  const reading = fetchText(server.url, signal, { mostBytes: 1000, limitMs: 10_000 });

  await assert.rejects(reading, permanently(/has more than 1000 bytes/));
});

test('what was compressed is measured as it is unpacked', async () => {
  await using server = await serveBody((response) => {
    response.setHeader('Content-Encoding', 'gzip');
    const packed = createGzip();
    packed.pipe(response);
    for (let at = 0; at < 64; at++) packed.write(mebibyte);
    packed.end();
  });

  await assert.rejects(fetchText(server.url, signal), permanently(/has more than 4 MiB/));
});

test('a body that trickles is given up when its time is over, however much came', async () => {
  await using server = await serveBody(trickle);

  const reading = fetchText(server.url, signal, { mostBytes: 1_000_000, limitMs: 300 });

  await assert.rejects(reading, (error) => error instanceof RemoteError && /had not ended after/.test(error.message));
  await server.closed;
});

test('a page that is not there is said with its status, and nobody waits for its body', async () => {
  await using server = await serveBody((response) => {
    response.statusCode = 404;
    flood(response);
  });

  await assert.rejects(fetchText(server.url, signal), permanently(/answers 404 Not Found/));

  await server.closed;
});

test('who asked may give up earlier', async () => {
  await using server = await serveBody(() => undefined);
  const cancel = new AbortController();

  const reading = fetchText(server.url, cancel.signal);
  cancel.abort(new Error('cancelled'));

  await assert.rejects(reading, /cancelled/);
});

function permanently(words: RegExp) {
  return (error: unknown) => error instanceof RemoteError && error.outcome === 'permanent' && words.test(error.message);
}
