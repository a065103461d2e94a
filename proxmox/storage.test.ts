import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failing, type Heard, type Reply, startSetting } from './server-for-tests.ts';
import { deleteVolume, downloadUrl, listContent, listStorages, uploadIso } from './storage.ts';

const data = (value: unknown): Reply => ({ body: { data: value } });
const upid = 'UPID:pve1:00000768:00092CFE:6B011189:imgcopy::bot@pve!test:';
const seed = { node: 'pve1', storage: 'local', filename: 'seed-ab12.iso', bytes: new Uint8Array(3000) };
const there = { volid: 'local:iso/seed-ab12.iso', content: 'iso', format: 'iso', size: 3000, ctime: 5 };

/** A storage that takes ISO images, with these volumes at the first look, the second … */
function startStorage({ upload, looks, status = {} }: { upload: Reply; looks: unknown[][]; status?: object }) {
  return startSetting(({ method, path }: Heard) => {
    if (method === 'POST') return upload;
    if (path.endsWith('/status')) return data({ active: 1, content: 'iso,images', type: 'dir', ...status });
    return data(looks.length > 1 ? looks.shift() : looks[0]);
  });
}

const calls = (heard: readonly Heard[]) => heard.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`);

test('an ISO is uploaded with its checksum, after the storage was woken up', async () => {
  await using setting = await startStorage({ upload: data(upid), looks: [[]] });

  assert.equal(await uploadIso(setting.api, seed), upid);

  assert.deepEqual(calls(setting.server.heard), ['GET status', 'GET content', 'POST upload']);
  assert.match(setting.server.heard[2]?.body ?? '', /name="checksum"\r\n\r\n[0-9a-f]{64}\r\n/);
});

test('one that is there already is not sent again, one of another size is', async () => {
  await using setting = await startStorage({ upload: data(upid), looks: [[there], [{ ...there, size: 12 }]] });

  assert.equal(await uploadIso(setting.api, seed), null);
  assert.equal(await uploadIso(setting.api, seed), upid);
});

test('after a connection that broke we look: the upload may have been done', async () => {
  await using setting = await startStorage({ upload: { hangUp: true }, looks: [[], [there]] });

  assert.equal(await uploadIso(setting.api, seed), null);
});

test('when it was not done it may be tried again, as the same bytes have the same name', async () => {
  await using setting = await startStorage({ upload: { hangUp: true }, looks: [[]] });

  const error = await failing(uploadIso(setting.api, seed));

  assert.deepEqual([error.kind, error.outcome], ['unknown outcome', 'passing']);
  assert.match(error.message, /^pve1 broke off the upload of seed-ab12\.iso: /);
});

test('a storage that takes no ISO images, or is away, is not sent any', async () => {
  await using unfit = await startStorage({ upload: data(upid), looks: [[]], status: { content: 'images' } });
  await using away = await startStorage({ upload: data(upid), looks: [[]], status: { active: 0 } });

  const wrong = await failing(uploadIso(unfit.api, seed));
  const gone = await failing(uploadIso(away.api, seed));

  assert.deepEqual([wrong.message, wrong.outcome], ['the storage local does not take ISO images', 'permanent']);
  assert.deepEqual([gone.message, gone.outcome], ['the storage local is not active on pve1', 'passing']);
  assert.equal(unfit.server.heard.length, 1);
});

test('the privilege that an upload lacks is known although the body is empty', async () => {
  const reason = 'Permission check failed (/storage/local, Datastore.AllocateTemplate)';
  await using setting = await startStorage({ upload: { status: 403, reason, body: '' }, looks: [[]] });

  const error = await failing(uploadIso(setting.api, seed));

  assert.equal(error.message, 'the API token bot@pve!test lacks Datastore.AllocateTemplate on /storage/local');
});

test('storages and what they hold are read leniently', async () => {
  const row = {
    storage: 'local',
    type: 'dir',
    content: 'import,iso',
    active: 1,
    enabled: 1,
    shared: 0,
    total: '100',
    used: 40,
    avail: 60,
  };
  await using setting = await startSetting(({ path }) => data(path.endsWith('/content') ? [there] : [row]));

  assert.deepEqual(await listStorages(setting.api, 'pve1'), [
    {
      ...{ storage: 'local', type: 'dir', content: ['import', 'iso'], active: true, enabled: true, shared: false },
      ...{ total: 100, used: 40, available: 60 },
    },
  ]);
  assert.deepEqual(await listContent(setting.api, 'pve1', 'local', 'iso'), [
    { volid: there.volid, content: 'iso', format: 'iso', size: 3000, createdAt: 5 },
  ]);
});

test('a download names its checksum the way Proxmox does', async () => {
  await using setting = await startSetting(() => data(upid));
  const request = {
    node: 'pve1',
    storage: 'local',
    content: 'import',
    filename: 'a.qcow2',
    checksum: 'ab',
    algorithm: 'sha256',
    url: 'https://example.org/a?x=1;y',
  } as const;

  await downloadUrl(setting.api, request);

  assert.deepEqual(Object.fromEntries(new URLSearchParams(setting.server.heard[0]?.body)), {
    ...{ content: 'import', url: request.url, filename: 'a.qcow2', checksum: 'ab' },
    'checksum-algorithm': 'sha256',
  });
});

test('a volume is one part of the path, slash and all', async () => {
  await using setting = await startSetting(() => data(null));

  assert.equal(await deleteVolume(setting.api, 'pve1', 'local', 'local:iso/a.iso'), null);
  assert.equal(setting.server.heard[0]?.path, '/nodes/pve1/storage/local/content/local%3Aiso%2Fa.iso');
});
