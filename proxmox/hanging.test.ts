import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { startSetting } from './server-for-tests.ts';
import { Done } from './shapes.ts';

const Text = z.string();
/** More than one host's connections. */
const many = 40;

test('calls that hang at one node, however many, keep none from another node or the cluster', async () => {
  await using setting = await startSetting(({ path }) =>
    path.startsWith('/nodes/pve1/') ? new Promise(() => undefined) : { body: { data: 'fine' } },
  );
  const { api, server } = setting;
  const give = new AbortController();
  const { signal } = give;
  const hung = Array.from({ length: many }, (_, vmid) => [
    api.get(`/nodes/pve1/qemu/${vmid}/config`, Text, undefined, { signal }),
    api.post(`/nodes/pve1/qemu/${vmid}/status/start`, Done, undefined, { signal }),
  ]).flat();
  const ended = Promise.allSettled(hung);
  while (server.heard.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));

  const limit = { signal: AbortSignal.timeout(10_000) };
  const said = await Promise.all([
    api.get('/nodes/pve2/storage', Text, undefined, limit),
    api.get('/cluster/resources', Text, undefined, limit),
    api.post('/nodes/pve2/qemu/5000/status/start', Text, undefined, limit),
  ]);
  give.abort();
  await ended;

  assert.deepEqual(said, ['fine', 'fine', 'fine']);
});
