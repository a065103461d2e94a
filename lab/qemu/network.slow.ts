import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from './command.ts';
import { startNetwork } from './network.ts';
import { preparePlaces } from './places.ts';
import { endProcess } from './process.ts';

test('a connection is one that the machine accepted: a closed port refuses, and where nobody is nothing answers', async () => {
  await using made = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'botswain-network-'));
  made.defer(() => rm(dir, { recursive: true, force: true }));
  const network = await startNetwork(preparePlaces(dir));
  made.defer(() => network.stop());
  const greeter = createServer((socket) => socket.end('hello'));
  const silent = createServer();
  for (const server of [greeter, silent]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    made.defer(() => void server.close());
  }
  // A host on the segment whose ports are those of this machine's loopback.
  const pidFile = join(dir, 'host.pid');
  await runCommand('qemu-system-x86_64', [
    ...['-machine', 'none', '-nodefaults', '-no-user-config', '-display', 'none', '-daemonize', '-pidfile', pidFile],
    ...['-netdev', 'user,id=user,net=10.77.0.0/24,host=10.77.0.50,dns=10.77.0.3,ipv6=off'],
    ...['-netdev', 'hubport,id=inside,hubid=0,netdev=user'],
    ...['-netdev', `stream,id=wire,server=off,addr.type=unix,addr.path=${network.socket}`],
    ...['-netdev', 'hubport,id=outside,hubid=0,netdev=wire'],
  ]);
  made.defer(() => endProcess(pidFile));
  const portOf = (server: typeof greeter) => (server.address() as AddressInfo).port;
  const { forwards } = network;

  const greeted = await forwards.connect('10.77.0.50', portOf(greeter));
  const words = await greeted.setEncoding('utf8').toArray();
  const quiet = await forwards.connect('10.77.0.50', portOf(silent));
  made.defer(() => void quiet.destroy());

  assert.equal(words.join(''), 'hello');
  await assert.rejects(forwards.connect('10.77.0.50', 1), { code: 'ECONNREFUSED' });
  await assert.rejects(forwards.connect('10.77.0.20', 22), { code: 'EHOSTUNREACH' });
});
