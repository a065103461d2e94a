import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { frameReader, writeFrame } from './frames.ts';
import { learningSwitch } from './switch.ts';

const a = '525400000001';
const b = '525400000002';
const everyone = 'ffffffffffff';

test('a frame for everyone reaches all ports but its own; an answer only the asker', async () => {
  const network = learningSwitch(() => false);
  const [one, two, three] = [plug(network), plug(network), plug(network)];

  one.send(frame(everyone, a));
  two.send(frame(a, b));

  assert.deepEqual([one.heard.length, two.heard.length, three.heard.length], [1, 1, 1]);
  assert.deepEqual(one.heard[0], frame(a, b));
});

test('an unplugged machine is forgotten', async () => {
  const network = learningSwitch(() => false);
  const one = plug(network);
  one.send(frame(everyone, a));

  one.socket.destroy();
  await new Promise((resolve) => one.socket.once('close', resolve));

  assert.equal(network.knows('52:54:00:00:00:01'), false);
});

test('frames arrive whole, however the stream is cut', () => {
  const frames: string[] = [];
  const read = frameReader((found) => frames.push(found.toString()));
  const stream = Buffer.concat([writeFrame(Buffer.from('first')), writeFrame(Buffer.from('second'))]);

  for (const byte of stream) read(Buffer.of(byte));

  assert.deepEqual(frames, ['first', 'second']);
});

function frame(to: string, from: string): Buffer {
  return Buffer.from(`${to}${from}88b5cafe`, 'hex');
}

/** A machine's end of a cable. */
function plug(network: ReturnType<typeof learningSwitch>) {
  const heard: Buffer[] = [];
  const read = frameReader((found) => heard.push(Buffer.from(found)));
  const socket = new Duplex({
    read: () => undefined,
    write: (bytes, _encoding, done) => {
      read(bytes);
      done();
    },
  });
  network.plug(socket as Socket);
  return { heard, socket, send: (bytes: Buffer) => void socket.emit('data', writeFrame(bytes)) };
}
