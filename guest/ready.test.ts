import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerChannel } from 'ssh2';
import { generateKey } from './keys.ts';
import { trySsh } from './ready.ts';
import { muteServer, serveForTests } from './server-for-tests.ts';

const key = generateKey('bot');
const { signal } = new AbortController();

test('a machine that lets us in is ready, and its host key is told', async () => {
  await using server = await serveForTests({ authorized: [key.publicKey], run: sayHello });

  const state = await trySsh(targetOf(server), signal, async (run) => (await run('hello')).stdout);

  assert.deepEqual(state, { state: 'ready', hostKey: server.hostKey, hostKeyType: 'ssh-ed25519', answer: 'hello\n' });
});

test('what is missing is told apart: nobody listens, the key is not there yet', async () => {
  const closed = await serveForTests();
  await closed[Symbol.asyncDispose]();
  await using strict = await serveForTests({ authorized: [] });

  const states = [await trySsh(targetOf(closed), signal, nothing), await trySsh(targetOf(strict), signal, nothing)];

  assert.deepEqual(
    states.map((one) => one.state === 'not yet' && one.obstacle),
    ['refused', 'authentication'],
  );
});

test('behind a jump host it is told apart too, and a jump host that is down is named', async () => {
  const closed = await serveForTests();
  await closed[Symbol.asyncDispose]();
  await using jump = await serveForTests({ forwards: 'open' });

  const behind = await trySsh({ ...targetOf(closed), host: '127.0.0.2', jump: bastion(jump) }, signal, nothing);
  const down = await trySsh({ ...targetOf(closed), host: '127.0.0.2', jump: bastion(closed) }, signal, nothing);

  assert.match(JSON.stringify(behind), /"unreachable","why":"jump host 127.0.0.1 can't reach its port/);
  assert.match(JSON.stringify(down), /"refused","why":"SSH 127.0.0.1: nothing listens on port/);
});

test('a jump host that refuses us is an error: waiting does not help', async () => {
  await using server = await serveForTests();
  await using strict = await serveForTests({ authorized: [] });

  const trying = trySsh({ ...targetOf(server), host: '127.0.0.2', jump: bastion(strict) }, signal, nothing);

  await assert.rejects(trying, /user lab is not let in without a key/);
});

test('S-hostkey: a foreign host key is an error', async () => {
  await using server = await serveForTests();

  const trying = trySsh({ ...targetOf(server), hostKey: 'SHA256:other' }, signal, nothing);

  await assert.rejects(trying, /should be SHA256:other/);
});

test('a try ends at once when its signal is aborted', async () => {
  await using mute = await muteServer();
  const cancel = new AbortController();

  const trying = trySsh(targetOf(mute), cancel.signal, nothing);
  cancel.abort(new Error('cancelled'));

  await assert.rejects(trying, /cancelled/);
});

const nothing = async () => undefined;

function sayHello(command: string, channel: ServerChannel): void {
  channel.write(`${command}\n`);
  channel.exit(0);
  channel.end();
}

test('a login where no command runs is not ready yet', async () => {
  await using server = await serveForTests({ run: (_, channel) => channel.destroy() });

  const trying = trySsh(targetOf(server), signal, (run) => run('true'));
  await using _ = { [Symbol.asyncDispose]: async () => server.breakAll() };
  while (server.tries.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  server.breakAll();
  const state = await trying;

  assert.match(JSON.stringify(state), /"not yet"/);
});

function targetOf({ host, port }: { host: string; port: number }) {
  return { host, port, user: 'debian', privateKey: key.privateKey };
}

function bastion({ host, port }: { host: string; port: number }) {
  return { host, port, user: 'lab' };
}
