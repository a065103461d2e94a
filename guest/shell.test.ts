import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RemoteError } from '#base/errors.ts';
import { generateKey } from './keys.ts';
import { muteServer, type ServerOptions, serveForTests } from './server-for-tests.ts';
import { openShell, type ShellTarget } from './shell.ts';

const key = generateKey('bot');
const other = generateKey('other');
const { signal } = new AbortController();

test('a command’s output, exit code and host key come back', async () => {
  await using server = await serveForTests({ authorized: [key.publicKey], run: reply('hello\n', 'oops\n', 3) });
  await using shell = await openShell(targetOf(server), signal);

  const finished = await shell.exec('greet');

  assert.deepEqual(finished, { code: 3, stdout: 'hello\n', stderr: 'oops\n' });
  assert.equal(shell.hostKey, server.hostKey);
});

test('S-authfail: only the given key is offered', async () => {
  await using server = await serveForTests({ authorized: [key.publicKey] });

  await using _ = await openShell(targetOf(server), signal);

  assert.deepEqual([...new Set(server.tries)], ['debian publickey']);
});

test('lines are told as they come, whole, also across chunks and without a last line end', async () => {
  await using server = await serveForTests({
    run(_, channel) {
      const bytes = Buffer.from('first\r\nzwölf\nlast');
      const cut = bytes.indexOf(0xc3) + 1;
      channel.write(bytes.subarray(0, cut), () => {
        channel.write(bytes.subarray(cut));
        channel.exit(0);
        channel.end();
      });
    },
  });
  await using shell = await openShell(targetOf(server), signal);
  const lines: string[] = [];

  await shell.exec('print', { onLine: (line) => lines.push(line) });

  assert.deepEqual(lines, ['first', 'zwölf', 'last']);
});

test('stdin reaches the command and ends', async () => {
  await using server = await serveForTests({
    run(_, channel) {
      let heard = '';
      channel.on('data', (chunk: Buffer) => {
        heard += chunk.toString();
      });
      channel.on('end', () => reply(`heard ${heard}`, '', 0)('', channel));
    },
  });
  await using shell = await openShell(targetOf(server), signal);

  const [told, silent] = [await shell.exec('cat', { stdin: 'abc' }), await shell.exec('cat')];

  assert.deepEqual([told.stdout, silent.stdout], ['heard abc', 'heard ']);
});

test('a command that a signal killed answers as shells do', async () => {
  await using server = await serveForTests({
    run(_, channel) {
      channel.exit('KILL', false, '');
      channel.end();
    },
  });
  await using shell = await openShell(targetOf(server), signal);

  assert.equal((await shell.exec('sleep 9')).code, 137);
});

test('a wrong key is permanent and named', async () => {
  await using server = await serveForTests({ authorized: [other.publicKey] });

  const opening = openShell(targetOf(server), signal);

  await assert.rejects(opening, permanently(/user debian is not let in with the key SHA256:\S{43}$/));
});

test('a machine behind a jump host is reached, and nothing is left open afterwards', async () => {
  await using server = await serveForTests({ authorized: [key.publicKey], run: reply('inside', '', 0) });
  await using jump = await serveForTests({ forwards: 'open' });
  const target = { ...targetOf(server), jump: { ...at(jump), user: 'lab' } };

  const shell = await openShell(target, signal);
  const { stdout } = await shell.exec('where');
  await shell[Symbol.asyncDispose]();

  assert.deepEqual([stdout, shell.hostKey, jump.tries], ['inside', server.hostKey, ['lab none']]);
  await gone(server.sockets);
  await gone(jump.sockets);
});

test('a jump host with a key of its own, and one that forwards nothing', async () => {
  await using server = await serveForTests({ authorized: [key.publicKey] });
  await using strict = await serveForTests({ authorized: [other.publicKey], forwards: 'open' });
  await using closed = await serveForTests({});
  const through = (jump: { host: string; port: number }) => ({
    ...targetOf(server),
    jump: { ...at(jump), user: 'hop', privateKey: other.privateKey },
  });

  await using _ = await openShell(through(strict), signal);

  await assert.rejects(
    openShell(through(closed), signal),
    permanently(/jump host 127.0.0.1 lets nobody through to port/),
  );
});

test('a host key is pinned', async () => {
  await using server = await serveForTests();
  await using _ = await openShell({ ...targetOf(server), hostKey: server.hostKey }, signal);

  const opening = openShell({ ...targetOf(server), hostKey: 'SHA256:other' }, signal);

  await assert.rejects(opening, permanently(/its host key is SHA256:\S{43} and should be SHA256:other/));
});

test('a port where nothing listens is passing', async () => {
  const server = await serveForTests();
  await server[Symbol.asyncDispose]();

  const opening = openShell(targetOf(server), signal);

  await assert.rejects(opening, (error) => error instanceof RemoteError && error.outcome === 'passing');
});

test('a connection that breaks while a command runs leaves its outcome unknown, and later commands are not begun', async () => {
  const running = Promise.withResolvers<void>();
  await using server = await serveForTests({ run: () => running.resolve() });
  await using shell = await openShell(targetOf(server), signal);

  const working = shell.exec('work');
  await running.promise;
  server.breakAll();

  await assert.rejects(working, (error) => error instanceof RemoteError && error.outcome === 'unknown');
  await assert.rejects(shell.exec('more'), (error) => error instanceof RemoteError && error.outcome === 'passing');
});

test('aborting a command ends the wait for it and leaves the connection usable', async () => {
  const running = Promise.withResolvers<void>();
  await using server = await serveForTests({
    run: (command, channel) => (command === 'work' ? running.resolve() : reply('fine', '', 0)(command, channel)),
  });
  await using shell = await openShell(targetOf(server), signal);
  const cancel = new AbortController();

  const working = shell.exec('work', { signal: cancel.signal });
  await running.promise;
  cancel.abort(new Error('cancelled'));

  await assert.rejects(working, /cancelled/);
  assert.equal((await shell.exec('next')).stdout, 'fine');
});

test('aborting while it is opened, and after, closes at once', async () => {
  await using mute = await muteServer();
  await using server = await serveForTests({ run: () => undefined });
  const [early, late] = [new AbortController(), new AbortController()];

  const opening = assert.rejects(openShell(targetOf(mute), early.signal), /too early/);
  early.abort(new Error('too early'));
  await using shell = await openShell(targetOf(server), late.signal);
  const working = shell.exec('work');
  late.abort();

  await opening;
  await assert.rejects(working, RemoteError);
  await gone(server.sockets);
});

test('a private key that can’t be read says so before anybody is called', async () => {
  await using server = await serveForTests();

  const opening = openShell({ ...targetOf(server), privateKey: 'rubbish' }, signal);

  await assert.rejects(opening, /UserError: The SSH private key can't be used/);
  assert.deepEqual(server.tries, []);
});

function at({ host, port }: { host: string; port: number }) {
  return { host, port };
}

function targetOf(server: { host: string; port: number }): ShellTarget {
  return { ...at(server), user: 'debian', privateKey: key.privateKey };
}

function reply(stdout: string, stderr: string, code: number): NonNullable<ServerOptions['run']> {
  return (_, channel) => {
    channel.write(stdout);
    channel.stderr.write(stderr);
    channel.exit(code);
    channel.end();
  };
}

function permanently(words: RegExp) {
  return (error: unknown) => error instanceof RemoteError && error.outcome === 'permanent' && words.test(error.message);
}

async function gone(sockets: ReadonlySet<NodeJS.EventEmitter>): Promise<void> {
  for (const socket of sockets) await new Promise((resolve) => socket.once('close', resolve));
}
