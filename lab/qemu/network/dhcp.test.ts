import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { answerDhcp } from './dhcp.ts';
import { leaseFile } from './leases.ts';
import { addressAt, readDatagram, writeDatagram } from './udp.ts';

const network = {
  server: '10.77.0.1',
  netmask: '255.255.255.0',
  router: '10.77.0.1',
  dns: '10.77.0.1',
  leaseSeconds: 3600,
};
const gateway = '52:55:0a:4d:00:01';
const mac = '52:54:00:00:00:01';
const discover = [53, 1, 1];
const requestFor = (last: number) => [53, 1, 3, 50, 4, 10, 77, 0, last];

test('a discover is answered with an offer for that card', () => {
  const answer = ask(discover);

  assert.deepEqual(answer, { type: 2, address: '10.77.0.100', to: '255.255.255.255' });
});

test('a request for the offered address is acknowledged, for another one refused', () => {
  assert.deepEqual(ask(requestFor(100)), { type: 5, address: '10.77.0.100', to: '255.255.255.255' });
  assert.deepEqual(ask(requestFor(177)), { type: 6, address: '0.0.0.0', to: '255.255.255.255' });
});

test('a request to another server, a release and noise stay unanswered', () => {
  assert.equal(ask([...requestFor(100), 54, 4, 10, 77, 0, 9]), undefined);
  assert.equal(ask([53, 1, 7]), undefined);
  assert.equal(ask([53]), undefined);
});

test('a card keeps its address over a restart; when all are given out the longest unused one moves on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leases-'));
  const file = join(folder, 'leases.json');
  const addresses = ['10.77.0.100', '10.77.0.101'];
  const before = leaseFile(file, addresses);
  const first = [before('a'), before('b'), before('a')];

  const after = leaseFile(file, addresses);
  const then = [after('a'), after('b'), after('a'), after('c'), after('a')];

  assert.deepEqual(first, ['10.77.0.100', '10.77.0.101', '10.77.0.100']);
  assert.deepEqual(then, ['10.77.0.100', '10.77.0.101', '10.77.0.100', '10.77.0.101', '10.77.0.100']);
  rmSync(folder, { recursive: true });
});

test('a packet survives the way through a frame, with a header checksum that adds up', () => {
  const payload = Buffer.from('hello');
  const datagram = {
    fromMac: mac,
    toMac: gateway,
    fromIp: '10.77.0.5',
    toIp: '10.77.0.1',
    fromPort: 68,
    toPort: 67,
    payload,
  };

  const frame = writeDatagram(datagram);

  let sum = 0;
  for (let at = 14; at < 34; at += 2) sum += frame.readUInt16BE(at);
  assert.deepEqual(readDatagram(frame), datagram);
  assert.equal((sum & 0xffff) + (sum >>> 16), 0xffff);
});

function ask(options: readonly number[]) {
  const header = Buffer.alloc(240);
  header.set([1, 1, 6, 0]);
  header.set(Buffer.from(mac.replaceAll(':', ''), 'hex'), 28);
  header.writeUInt32BE(0x63825363, 236);
  const payload = Buffer.concat([header, Buffer.from([...options, 255])]);
  const request = {
    fromMac: mac,
    toMac: 'ff:ff:ff:ff:ff:ff',
    fromIp: '0.0.0.0',
    toIp: '255.255.255.255',
    fromPort: 68,
    toPort: 67,
    payload,
  };
  const answer = answerDhcp(request, network, gateway, () => '10.77.0.100');
  return answer && { type: answer.payload[242], address: addressAt(answer.payload, 16), to: answer.toIp };
}
