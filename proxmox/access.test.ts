import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPermissionsAt, readSeparation, readUserPermissionsAt } from './access.ts';
import { no, startSetting } from './server-for-tests.ts';

test('permissions say whether they hold further down; a place where there are none is empty', async () => {
  await using setting = await startSetting(({ query }) => ({
    body: { data: query === '' ? { '/vms': { 'VM.Audit': 1, 'VM.Clone': 0 } } : {} },
  }));

  assert.deepEqual(await readPermissionsAt(setting.api, ['/storage/local']), {
    '/vms': { 'VM.Audit': true, 'VM.Clone': false },
    '/storage/local': {},
  });
});

test('what a token may not know about itself and its user is not known, and no error', async () => {
  await using setting = await startSetting(() => no(403, 'Permission check failed'));

  assert.equal(await readSeparation(setting.api, 'bot@pve!ci'), undefined);
  assert.equal(await readUserPermissionsAt(setting.api, [], 'bot@pve'), undefined);
});

test('a token that says nothing of its separation has privileges of its own', async () => {
  await using setting = await startSetting(() => ({ body: { data: { tokens: { ci: { expire: 0 } } } } }));

  assert.equal(await readSeparation(setting.api, 'bot@pve!ci'), true);
});
