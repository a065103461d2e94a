import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { makeLog } from '#base/log.ts';
import { openClients } from './clients.ts';
import { openSocket } from './socket.ts';
import { startWire, type Wire } from './wire-for-tests.ts';

for (const greets of [true, false]) {
  const slack = greets ? 'greets' : 'says nothing';
  test(`a socket whose address came too late is closed again, when Slack ${slack}`, async () => {
    await using wire = await startWire();
    wire.greets = greets;

    await assert.rejects(openIn(wire, { addressMs: 80, helloMs: 20 }), tooLate);

    wire.greets = true;
    const next = await openIn(wire);
    assert.equal(wire.sockets.length, 1);
    await next.close();
  });
}

test('a socket that Slack does not greet is closed again', async () => {
  await using wire = await startWire();
  wire.greets = false;

  await assert.rejects(openIn(wire, { helloMs: 40 }), tooLate);

  await wire.until(() => wire.sockets.length === 0);
});

const tooLate = { system: 'Slack', message: 'the socket closed before Slack said hello.' };

/** Opens a socket for whose address Slack takes `addressMs` (apps.connections.open), and waits `helloMs` for the greeting. */
function openIn({ apiUrl }: Wire, { addressMs = 0, helloMs = 5000 } = {}) {
  const { options } = openClients('xoxb-lab', apiUrl, makeLog('slack', 'silent'));
  const slow: typeof fetch = async (input, init) => {
    await systemClock.sleep(addressMs);
    return fetch(input, init);
  };
  return openSocket('xapp-lab', { ...options, fetch: slow }, () => undefined, helloMs);
}
