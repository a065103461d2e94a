import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from './connect.ts';
import { SshError } from './failure.ts';
import { closed, flooded, mebibyte, pour, pourPackets, says, sentBy, targetOf, trickle } from './flood-for-tests.ts';
import { rawServer, serveForTests } from './server-for-tests.ts';
import { openShell } from './shell.ts';

const { signal } = new AbortController();
const quick = { connectMs: 5_000, greetingMs: 300, loginMs: 300 };

for (const [what, bytes] of [
  ['lines before its greeting', Buffer.from('hello\r\n'.repeat(1000))],
  ['a line without end before its greeting', Buffer.alloc(7000, 'x')],
  ['carriage returns, which ssh2 does not count,', Buffer.alloc(7000, '\r')],
] as const) {
  test(`a port that sends ${what} is left after 16 KiB`, async () => {
    await using server = await rawServer((socket) => void pour(socket, bytes));

    const opening = openShell(targetOf(server), signal);

    const words = /port \d+ sent more than 16 KiB and did not say that it speaks SSH/;
    await assert.rejects(opening, flooded(words, 'permanent'));
    await closed(server.sockets);
    assert.ok(sentBy(server) < 8 * mebibyte, `${sentBy(server)} bytes were taken`);
  });
}

test('a port that trickles and never greets is left when the time for a greeting is over', async () => {
  await using server = await rawServer((socket) => trickle(socket, Buffer.from('x')));

  const opening = connect(targetOf(server), quick, signal);

  await assert.rejects(opening, says(/is open, but no SSH server answers there/));
});

test('a handshake that trickles is left when the time for the login is over', async () => {
  await using server = await rawServer((socket) => {
    socket.write('SSH-2.0-slow\r\n');
    // A packet of 30004 bytes is announced.
    socket.write(Buffer.from([0, 0, 0x75, 0x34]));
    trickle(socket, Buffer.from([0]));
  });

  const opening = connect(targetOf(server), quick, signal);

  await assert.rejects(opening, says(/the login was not through after 0.6 s/));
});

test('a packet of any length, as for a host key of 2 GiB, is refused by its length', async () => {
  await using server = await rawServer((socket) => {
    socket.write('SSH-2.0-large\r\n');
    socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 4, 20]));
    void pour(socket);
  });

  await assert.rejects(openShell(targetOf(server), signal), SshError);
  await closed(server.sockets);
  assert.ok(sentBy(server) < 8 * mebibyte, `${sentBy(server)} bytes were taken`);
});

test('a machine that sends packet after packet instead of letting us in is left after 256 KiB', async () => {
  await using server = await serveForTests({ onLogin: (connection) => pourPackets(connection) });

  const opening = openShell(targetOf(server), signal);

  await assert.rejects(opening, flooded(/^it sent more than 256 KiB, and nobody reads on$/, 'permanent'));
  await closed(server.sockets);
});

test('a machine that asks for passwords for ever is told nothing', async () => {
  await using server = await serveForTests({ authorized: [] });

  await assert.rejects(openShell(targetOf(server), signal), /is not let in with the key/);

  assert.ok(server.tries.every((one) => /publickey|none/.test(one)));
});

test('neither packets that are unpacked nor primes of the machine’s choice are agreed to', async () => {
  const heard = Promise.withResolvers<string>();
  await using server = await rawServer((socket) => {
    let text = '';
    socket.write('SSH-2.0-curious\r\n');
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.includes('hmac-sha2-256') && text.includes('none')) heard.resolve(text);
    });
  });

  const opening = assert.rejects(connect(targetOf(server), quick, signal));
  const offer = await heard.promise;

  assert.match(offer, /curve25519-sha256/);
  assert.doesNotMatch(offer, /zlib|group-exchange/);
  await opening;
});
