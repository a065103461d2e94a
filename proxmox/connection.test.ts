import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectApi } from './api.ts';
import { readVersion } from './nodes.ts';
import { failing, makeCertificate, settingsFor, startServer } from './server-for-tests.ts';
import { Done } from './shapes.ts';

const version = { data: { version: '8.4.21', release: '8.4' } };
const otherFingerprint = Array.from({ length: 32 }, () => 'AB').join(':');

test('a certificate with the pinned fingerprint is accepted', async () => {
  await using server = await startServer(() => ({ body: version }));
  await using api = connectApi(settingsFor([server]));

  assert.equal((await readVersion(api)).release, '8.4');
});

test('one with another fingerprint is not sent a single byte, and the error names what was seen and the setting', async () => {
  await using server = await startServer(() => ({ body: version }));
  await using api = connectApi(settingsFor([{ ...server, fingerprint: otherFingerprint }]));

  const error = await failing(readVersion(api));

  assert.equal(error.kind, 'fingerprint');
  assert.equal(error.outcome, 'permanent');
  assert.ok(error.message.includes(server.fingerprint));
  assert.match(error.hint ?? '', /tls\.fingerprints of cluster home/);
  assert.equal(server.heard.length, 0);
});

test('a certificate that the given CA vouches for is accepted', async () => {
  await using server = await startServer(() => ({ body: version }));
  await using api = connectApi(settingsFor([server], { tls: { ca: server.cert } }));

  assert.equal((await readVersion(api)).release, '8.4');
});

test('the CA’s certificate for another host name is refused', async () => {
  await using server = await startServer(() => ({ body: version }));
  const url = server.url.replace('127.0.0.1', 'localhost');
  await using api = connectApi(settingsFor([{ ...server, url }], { tls: { ca: server.cert } }));

  await assert.rejects(readVersion(api), { kind: 'fingerprint' });
  assert.equal(server.heard.length, 0);
});

for (const [name, tls] of [
  ['another CA', { ca: makeCertificate().cert }],
  ['the system’s CAs', 'system'],
] as const) {
  test(`a self-signed certificate is refused when ${name} must vouch for it`, async () => {
    await using server = await startServer(() => ({ body: version }));
    await using api = connectApi(settingsFor([server], { tls }));

    const error = await failing(readVersion(api));

    assert.equal(error.kind, 'fingerprint');
    assert.match(error.message, /is not trusted \((DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)\)/);
    assert.equal(server.heard.length, 0);
  });
}

test('a host where nobody listens is said so, and trying again is safe even for a change', async () => {
  const server = await startServer(() => ({ body: version }));
  await server[Symbol.asyncDispose]();
  await using api = connectApi(settingsFor([server]));

  const error = await failing(api.post('/nodes/pve1/qemu', Done));

  assert.deepEqual([error.kind, error.outcome], ['node down', 'passing']);
  assert.match(error.message, /^https:\/\/127\.0\.0\.1:\d+ can't be reached: connect ECONNREFUSED/);
});
