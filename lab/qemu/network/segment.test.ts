import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { frameReader, writeFrame } from './frames.ts';
import { labSegment, leaseRange } from './segment.ts';
import { macAt } from './switch.ts';
import { addressAt, readDatagram, writeDatagram } from './udp.ts';

const gateway = '52:55:0a:4d:00:01';
const machine = '52:54:00:00:00:01';
const gone = '52:54:00:00:00:99';

test('a name query is answered at once: there is no such name', () => {
  const wire = plugged();
  const query = Buffer.from('abcd010000010000000000000161026d650000010001', 'hex');

  wire.send({
    toMac: gateway,
    fromMac: machine,
    fromIp: '10.77.0.5',
    toIp: '10.77.0.1',
    fromPort: 4000,
    toPort: 53,
    payload: query,
  });

  const answer = readDatagram(wire.heard[0] ?? Buffer.alloc(0));
  assert.equal(answer?.toPort, 4000);
  assert.equal(answer?.payload.toString('hex'), 'abcd818300010000000000000161026d650000010001');
});

test('a packet for a machine that is gone makes the segment ask who has its address now', () => {
  const wire = plugged();

  wire.send({
    toMac: gone,
    fromMac: gateway,
    fromIp: '10.77.0.1',
    toIp: '10.77.0.5',
    fromPort: 1,
    toPort: 2,
    payload: Buffer.alloc(0),
  });

  const request = wire.heard[0] ?? Buffer.alloc(60);
  assert.equal(request.readUInt16BE(12), 0x0806);
  assert.deepEqual(
    [macAt(request, 22), addressAt(request, 28), addressAt(request, 38)],
    [gateway, '10.77.0.1', '10.77.0.5'],
  );
});

test('DHCP has 155 addresses, from .100 to .254', () => {
  const range = leaseRange();

  assert.deepEqual([range.length, range[0], range.at(-1)], [155, '10.77.0.100', '10.77.0.254']);
});

/** A segment with one cable in it. */
function plugged() {
  const network = labSegment(() => '10.77.0.100');
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
  const send = (datagram: Parameters<typeof writeDatagram>[0]) =>
    void socket.emit('data', writeFrame(writeDatagram(datagram)));
  return { heard, send };
}
