import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connection, ServerChannel } from 'ssh2';
import { RemoteError } from '#base/errors.ts';
import { SshError } from './failure.ts';
import { flooded, mebibyte, pour, pourPackets, says, sentBy, targetOf } from './flood-for-tests.ts';
import { trySsh } from './ready.ts';
import { serveForTests } from './server-for-tests.ts';
import { openShell } from './shell.ts';

const { signal } = new AbortController();

test('a command that prints without end is told to end at its limit, and named; others run on', async () => {
  await using server = await serveForTests({ run: (command, channel) => play(command, channel) });
  await using shell = await openShell(targetOf(server), signal);

  const working = shell.exec('sudo deploy --password secret', { mostBytes: mebibyte });

  await assert.rejects(working, flooded(/^deploy printed more than 1 MiB and was told to end$/));
  assert.equal((await shell.exec('true')).code, 0);
  assert.ok(sentBy(server) < 8 * mebibyte, `${sentBy(server)} bytes were taken`);
});

test('a command that prints to stderr, and goes on when it is told to end, sends one window more', async () => {
  await using server = await serveForTests({ run: (_, channel) => void pour(channel.stderr) });
  await using shell = await openShell(targetOf(server), signal);

  await assert.rejects(shell.exec('deploy', { mostBytes: mebibyte }), flooded(/^deploy printed more than 1 MiB/));

  await assert.rejects(shell.exec('again', { mostBytes: mebibyte }), flooded(/^again printed/));
  assert.ok(sentBy(server) < 16 * mebibyte, `${sentBy(server)} bytes were taken`);
});

test('a command that does not end in its time is told to, with what it had printed; others run on', async () => {
  await using server = await serveForTests({ run: (command, channel) => play(command, channel) });
  await using shell = await openShell(targetOf(server), signal);

  // Long enough for what it prints to arrive on a busy machine.
  const working = shell.exec('wait', { limitMs: 2_000 });

  await assert.rejects(working, says(/^wait had not ended after 2.0 s and was told to; it had printed 5 bytes$/));
  assert.equal((await shell.exec('true')).code, 0);
});

test('a machine that never begins a command is not waited for', async () => {
  await using server = await serveForTests({ isDeaf: true });
  await using shell = await openShell(targetOf(server), signal);

  await assert.rejects(shell.exec('deploy', { limitMs: 200 }), says(/^it did not begin deploy within 0.2 s$/));
});

test('a machine whose questions are answered without end is no machine to wait for', async () => {
  await using server = await serveForTests({ run: (_, channel) => void pour(channel) });

  const trying = trySsh(targetOf(server), signal, (run) => run('cloud-init status --long'));

  await assert.rejects(trying, flooded(/^cloud-init printed more than 1 MiB/, 'permanent'));
  assert.ok(sentBy(server) < 8 * mebibyte, `${sentBy(server)} bytes were taken`);
});

test('a machine that sends packets that no command printed is cut off', async () => {
  await using server = await serveForTests({
    run: () => undefined,
    onReady: (connection) => pourPackets(connection),
  });
  await using shell = await openShell(targetOf(server), signal);

  await assert.rejects(
    shell.exec('deploy', { mostBytes: mebibyte }),
    flooded(/^it sent more than \d.* nobody reads on$/),
  );
  await assert.rejects(shell.exec('again'), RemoteError);
});

test('behind a jump host, who floods is named, and what commands may print passes through it', async () => {
  const much = Buffer.alloc(3 * mebibyte, 'y');
  await using server = await serveForTests({
    run: (command, channel) => (command === 'flood' ? void pour(channel) : reply(channel, much)),
  });
  await using jump = await serveForTests({ forwards: 'open' });
  const target = { ...targetOf(server), jump: { host: jump.host, port: jump.port, user: 'lab' } };
  await using shell = await openShell({ ...target, host: 'localhost' }, signal);

  const { stdout } = await shell.exec('much', { mostBytes: 4 * mebibyte });
  const working = shell.exec('flood', { mostBytes: mebibyte });

  await assert.rejects(working, (error) => error instanceof SshError && error.system === 'SSH localhost');
  assert.equal(stdout.length, much.length);
});

test('what a machine says when it refuses a command is one short line', async () => {
  await using server = await serveForTests({ isDeaf: true, onReady: refuseWith('no\n\u001b[31m'.repeat(3000)) });
  await using shell = await openShell(targetOf(server), signal);

  await assert.rejects(shell.exec('deploy'), (error) => {
    assert.ok(error instanceof RemoteError);
    assert.match(error.message, /^no command can be run any more: .*no \[31mno/);
    assert.ok(error.message.length < 250);
    return true;
  });
});

function refuseWith(words: string) {
  return (connection: Connection) => {
    const { _protocol: protocol } = connection as unknown as {
      _protocol: { channelOpenFail(channel: number, reason: number, words?: string): void };
    };
    const refuse = protocol.channelOpenFail.bind(protocol);
    protocol.channelOpenFail = (channel, reason) => refuse(channel, reason, words);
    connection.on('session', (_, reject) => reject());
  };
}

function play(command: string, channel: ServerChannel): void {
  if (command === 'true') reply(channel, Buffer.alloc(0));
  else if (command === 'wait') channel.write('so so');
  else void pour(channel);
}

function reply(channel: ServerChannel, bytes: Buffer): void {
  channel.write(bytes);
  channel.exit(0);
  channel.end();
}
