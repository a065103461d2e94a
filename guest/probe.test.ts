import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probePort } from './probe.ts';
import { muteServer, serveForTests } from './server-for-tests.ts';

const { signal } = new AbortController();

test('a port that is open tells of a machine, whatever it speaks, and so does one that refuses', async () => {
  await using mute = await muteServer();
  const closed = await serveForTests();
  await closed[Symbol.asyncDispose]();

  const probed = [await probePort(targetOf(mute), signal), await probePort(targetOf(closed), signal)];

  assert.deepEqual(probed, [{ state: 'answers' }, { state: 'answers' }]);
});

test('it goes the way that SSH goes: behind a jump host only that one can tell', async () => {
  await using server = await serveForTests();
  await using jump = await serveForTests({ forwards: 'open' });

  const probed = await probePort({ ...targetOf(server), jump: bastion(jump) }, signal);

  assert.deepEqual(probed, { state: 'answers' });
});

test('what can’t be tried is said, and is neither somebody nor nobody', async () => {
  await using server = await serveForTests();
  const closed = await serveForTests();
  await closed[Symbol.asyncDispose]();

  const probed = await probePort({ ...targetOf(server), host: '10.77.0.9', jump: bastion(closed) }, signal);

  assert.equal(probed.state, 'unknown');
  assert.match(probed.state === 'unknown' ? probed.why : '', /SSH 127\.0\.0\.1: nothing listens on port/);
});

const targetOf = ({ host, port }: { host: string; port: number }) => ({ host, port, user: 'x', privateKey: '' });
const bastion = ({ host, port }: { host: string; port: number }) => ({ host, port, user: 'lab' });
