import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flood, serveBody, trickle } from '#base/body-server-for-tests.ts';
import { RemoteError } from '#base/errors.ts';
import { openRest } from './rest.ts';

const says = (words: RegExp) => (error: unknown) =>
  error instanceof RemoteError && error.system === 'Discord' && words.test(error.message);

test('an answer that never ends is left after 16 MiB, and named', async () => {
  await using server = await serveBody(flood);
  using rest = open(server.url);

  await assert.rejects(rest.get('/gateway/bot'), says(/its answer is longer than 16 MiB/));

  await server.closed;
  assert.ok(server.sent() < 48 * 1024 * 1024, `${server.sent()} bytes were taken`);
});

test('an answer that trickles is given up in its time', async () => {
  await using server = await serveBody(trickle);
  using rest = open(server.url, 300);

  await assert.rejects(rest.get('/gateway/bot'), says(/abort/));

  await server.closed;
});

function open(apiUrl: string, timeoutMs?: number) {
  const rest = openRest({ token: 'a token of the lab', apiUrl, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  return { get: rest.get, [Symbol.dispose]: () => rest.close() };
}
