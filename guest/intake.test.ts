import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { targetOf } from './flood-for-tests.ts';
import { watchIntake } from './intake.ts';

test('a machine that asks without end and reads no answer is left when 1 MiB waits for it', () => {
  const { socket, seen } = watch();

  socket.write(Buffer.alloc(1024 * 1024));
  socket.emit('data', Buffer.from('SSH-2.0-greedy\r\n'));
  const before = [...seen];
  socket.write(Buffer.alloc(1));
  socket.emit('data', Buffer.from('?'));

  assert.deepEqual(before, ['greeting']);
  assert.deepEqual(seen, ['greeting', 'it asks and asks, and reads none of the answers']);
});

test('what a command is given to read may wait for it as well', () => {
  const { socket, intake, seen } = watch();

  intake.allow(0, 4 * 1024 * 1024);
  socket.write(Buffer.alloc(5 * 1024 * 1024));
  socket.emit('data', Buffer.from('SSH-2.0-slow\r\n'));

  assert.deepEqual(seen, ['greeting']);
});

test('a greeting is one also after some lines, and cut into pieces', () => {
  const { socket, seen } = watch();

  for (const piece of ['welcome\r\nto SSH-2.0\r\nSS', 'H-2.0-Op', 'enSSH_9.2\r', '\n']) {
    assert.deepEqual(seen, []);
    socket.emit('data', Buffer.from(piece));
  }

  assert.deepEqual(seen, ['greeting']);
});

/** A machine that reads nothing of what it is sent. */
function watch() {
  const seen: string[] = [];
  const socket = new Duplex({ read: () => undefined, write: () => undefined });
  const intake = watchIntake(targetOf({ host: '127.0.0.1', port: 22 }), socket, {
    onGreeting: () => seen.push('greeting'),
    onFlood: (error) => seen.push(error.message),
  });
  return { socket, intake, seen };
}
