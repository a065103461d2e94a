import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiForTests } from './api-for-tests.ts';
import { startLab } from './start.ts';

const template = { vmid: 9000, name: 'debian-12' };
const base = '/nodes/pve1/qemu/100';

test('a rollback brings config and disk back, and what was made since is gone', async () => {
  await using lab = await startLab({ templates: [template] });
  const api = apiForTests(lab);
  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, full: 1 });
  await api.task('POST', `${base}/snapshot`, { snapname: 'clean', description: 'before' });
  await api.call('PUT', `${base}/config`, { cores: 4 });
  await api.task('PUT', `${base}/resize`, { disk: 'scsi0', size: '+1G' });

  const rolled = await api.task('POST', `${base}/snapshot/clean/rollback`);
  const config = await api.get<Record<string, unknown>>(`${base}/config`);

  assert.equal(rolled, 'OK');
  assert.deepEqual([config.cores, config.parent], [1, 'clean']);
  assert.match(String(config.scsi0), /size=2G/);
});

test('snapshots are a chain; the ones after a deleted one stand on the one before it', async () => {
  await using lab = await startLab({ templates: [template] });
  const api = apiForTests(lab);
  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, full: 1 });
  for (const snapname of ['a1', 'a2', 'a3']) await api.task('POST', `${base}/snapshot`, { snapname });

  await api.task('DELETE', `${base}/snapshot/a2`);
  const rows = await api.get<{ name: string; parent?: string }[]>(`${base}/snapshot`);

  assert.deepEqual(
    rows.map(({ name, parent }) => [name, parent]),
    [
      ['a1', undefined],
      ['a3', 'a1'],
      ['current', 'a3'],
    ],
  );
});

test('a disk goes to another storage, and what it left behind is removed when asked', async () => {
  await using lab = await startLab({ templates: [template] });
  const api = apiForTests(lab);
  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, full: 1 });

  const moved = await api.task('POST', `${base}/move_disk`, { disk: 'scsi0', storage: 'nas', delete: 1 });
  const started = await api.task('POST', `${base}/status/start`);

  assert.deepEqual([moved, started], ['OK', 'OK']);
  assert.match(lab.machines.get(100)?.config.scsi0 ?? '', /^nas:100\/vm-100-disk-0\.qcow2/);
  assert.deepEqual(
    lab.state.volumes
      .filter(({ vmid, volid }) => vmid === 100 && !volid.includes('cloudinit'))
      .map(({ volid }) => volid),
    ['nas:100/vm-100-disk-0.qcow2'],
  );
});
