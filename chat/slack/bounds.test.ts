import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flood, serveBody, trickle } from '#base/body-server-for-tests.ts';
import { RemoteError } from '#base/errors.ts';
import { makeLog } from '#base/log.ts';
import { openClients } from './clients.ts';
import { classified } from './errors.ts';

const log = makeLog('slack', 'silent');
const failureOf = (calling: Promise<unknown>) =>
  calling.then(
    () => undefined,
    (error: unknown) => classified(error),
  );

test('an answer that never ends is left after 16 MiB, and named', async () => {
  await using server = await serveBody(flood);

  const failure = await failureOf(openClients('xoxb-lab', server.url, log).api.auth.test());

  assert.ok(failure instanceof RemoteError);
  assert.match(failure.message, /its answer is longer than 16 MiB/);
  await server.closed;
  assert.ok(server.sent() < 48 * 1024 * 1024, `${server.sent()} bytes were taken`);
});

test('an answer that trickles is given up in its time, as one of Slack’s', async () => {
  await using server = await serveBody(trickle);

  const failure = await failureOf(openClients('xoxb-lab', server.url, log, 300).api.auth.test());

  assert.ok(failure instanceof RemoteError && failure.system === 'Slack');
  await server.closed;
});
