import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNodes, readVersion } from './nodes.ts';
import { startSetting } from './server-for-tests.ts';

test('nodes come by name; one that is away, or that the token may not look into, has no numbers', async () => {
  const data = [
    { node: 'pve10', status: 'online', maxmem: 8, mem: 2, maxcpu: 2, cpu: 0.5, uptime: 60 },
    { node: 'pve2', status: 'offline', type: 'node' },
  ];
  await using setting = await startSetting(() => ({ body: { data } }));

  assert.deepEqual(await readNodes(setting.api), [
    { node: 'pve2', online: false, memoryTotal: 0, memoryUsed: 0, cpus: 0, cpuLoad: 0, uptime: 0 },
    { node: 'pve10', online: true, memoryTotal: 8, memoryUsed: 2, cpus: 2, cpuLoad: 0.5, uptime: 60 },
  ]);
});

test('the version is taken apart', async () => {
  await using setting = await startSetting(() => ({
    body: { data: { version: '8.4.21', release: '8.4', repoid: 'x' } },
  }));

  assert.deepEqual(await readVersion(setting.api), { version: '8.4.21', release: '8.4', major: 8, minor: 4 });
});
