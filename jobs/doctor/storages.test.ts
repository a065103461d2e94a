import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsFor, startSetting } from '#proxmox/server-for-tests.ts';
import { examineStorages } from './storages.ts';

/** What the doctor says when the nodes list these storages. */
async function examined(rows: Readonly<Record<string, readonly object[]>>): Promise<string[]> {
  await using setting = await startSetting(({ path }) => ({ body: { data: rows[path.split('/')[2] ?? ''] ?? [] } }));
  const { api, server } = setting;
  const settings = settingsFor([server], { storages: { disks: 'nas', images: 'nas', seeds: 'nas' } });
  const found = await examineStorages(
    { name: 'home', api, settings, claims: undefined as never, addresses: undefined as never },
    Object.keys(rows),
    [],
  );
  return found.map(({ state, text, advice }) => [state, text, ...advice.map(({ next }) => next)].join(' | '));
}

const row = (more: object) => ({
  storage: 'nas',
  type: 'nfs',
  content: 'images,import,iso',
  active: 1,
  enabled: 1,
  shared: 1,
  ...more,
});

test('a storage that one node may not use is named with the nodes that may', async () => {
  const [first] = await examined({ pve1: [row({})], pve2: [] });

  assert.match(first ?? '', /^bad \| nas is on pve1, and not on pve2\. \| Let those nodes use it/);
});

test('one that is enabled and not active is no matter of its content', async () => {
  const [first] = await examined({ pve1: [row({})], pve2: [row({ active: 0 })] });

  assert.match(first ?? '', /^bad \| nas is enabled and not active on pve2\. \| Is it mounted/);
});

test('what a storage lacks is added to what it takes', async () => {
  const found = await examined({ pve1: [row({ content: 'images,backup' })] });

  assert.match(found[1] ?? '', /pvesm set nas --content images,backup,import /);
});

test('a storage is shared by all only when all say so', async () => {
  const [both] = await examined({ pve1: [row({})], pve2: [row({})] });
  const [one] = await examined({ pve1: [row({})], pve2: [row({ shared: 0 })] });

  assert.match(both ?? '', /takes images on pve1, pve2, shared by all\.$/);
  assert.match(one ?? '', /takes images on pve1, pve2\.$/);
});
