import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { connectApi } from './api.ts';
import { failing, inTurn, no, quickClock, settingsFor, startServer, startSetting } from './server-for-tests.ts';
import { Done } from './shapes.ts';

const Text = z.string();
const ok = { body: { data: 'fine' } };

test('a read is made again, a little later', async () => {
  await using setting = await startSetting(
    inTurn({ hangUp: true }, { status: 596, reason: 'Broken pipe', body: '' }, ok),
  );

  assert.equal(await setting.api.get('/nodes', Text), 'fine');
  assert.deepEqual(setting.clock.slept, [100, 300]);
});

test('a read gives up after three tries, and trying later is safe', async () => {
  await using setting = await startSetting(() => ({ hangUp: true }));

  const error = await failing(setting.api.get('/nodes', Text));

  assert.deepEqual([error.kind, error.outcome, setting.server.heard.length], ['node down', 'passing', 3]);
});

for (const method of ['post', 'put', 'del'] as const) {
  test(`${method} is made once only, and its outcome is unknown when the connection breaks`, async () => {
    await using setting = await startSetting(() => ({ hangUp: true }));

    const error = await failing(setting.api[method]('/nodes/pve1/qemu/100', Done));

    assert.deepEqual([error.kind, error.outcome, setting.server.heard.length], ['unknown outcome', 'unknown', 1]);
  });
}

test('596 on a change is of unknown outcome too', async () => {
  await using setting = await startSetting(() => ({ status: 596, reason: 'Connection timed out', body: '' }));

  const error = await failing(setting.api.put('/nodes/pve1/qemu/100/config', Done));

  assert.deepEqual([error.kind, error.outcome, setting.server.heard.length], ['unknown outcome', 'unknown', 1]);
});

test('what Proxmox refuses is not asked again', async () => {
  await using setting = await startSetting(() => no(500, 'VM is locked (backup)'));

  await failing(setting.api.get('/x', Text));

  assert.equal(setting.server.heard.length, 1);
});

test('with several hosts a read goes to the next one, where later calls go at once', async () => {
  const dead = await startServer(() => ok);
  await dead[Symbol.asyncDispose]();
  await using alive = await startServer(() => ok);
  await using api = connectApi(settingsFor([dead, alive]), { clock: quickClock() });

  await api.get('/a', Text);
  await api.post('/b', Text);

  assert.deepEqual(
    alive.heard.map(({ path }) => path),
    ['/a', '/b'],
  );
});

test('an aborted call rejects with the reason it was aborted for', async () => {
  const stop = new AbortController();
  await using setting = await startSetting(async () => {
    stop.abort(new Error('cancelled'));
    return { hangUp: true };
  });

  await assert.rejects(setting.api.post('/x', Done, {}, { signal: stop.signal }), /^Error: cancelled$/);
});
