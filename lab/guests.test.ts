import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiForTests, apiForTests } from './api-for-tests.ts';
import { startGated } from './gate-for-tests.ts';
import { startLab } from './start.ts';

const template = { vmid: 9000, name: 'ubuntu-24.04' };
const blank = { vmid: 100, name: 'blank', memory: 512, scsi0: 'local:1', net0: 'virtio,bridge=vmbr0' };
const config = (api: ApiForTests, vmid: number) => api.get<Record<string, unknown>>(`/nodes/pve1/qemu/${vmid}/config`);

test('a running machine takes a name at once and more memory at its next start', async () => {
  await using lab = await startLab();
  const api = apiForTests(lab);
  await api.task('POST', '/nodes/pve1/qemu', { ...blank, start: 1 });

  await api.call('PUT', '/nodes/pve1/qemu/100/config', { memory: 1024, name: 'renamed' });
  const pending = await api.get<{ key: string }[]>('/nodes/pve1/qemu/100/pending');
  await api.task('POST', '/nodes/pve1/qemu/100/status/stop');

  assert.deepEqual(
    pending.find(({ key }) => key === 'memory'),
    { key: 'memory', value: '512', pending: '1024' },
  );
  assert.equal(lab.machines.get(100)?.config.memory, '1024');
  assert.equal(lab.machines.get(100)?.name, 'renamed');
});

test('a boot order sent with a new CD drive is lost, as in Proxmox', async () => {
  await using lab = await startLab();
  const api = apiForTests(lab);
  await api.task('POST', '/nodes/pve1/qemu', blank);
  await api.upload('pve1', 'local', 'a.iso', Buffer.alloc(2048));
  await lab.cluster.tasks.settle();

  await api.call('PUT', '/nodes/pve1/qemu/100/config', {
    ide2: 'local:iso/a.iso,media=cdrom',
    boot: 'order=ide2;scsi0',
  });

  assert.equal((await config(api, 100)).boot, 'order=scsi0;net0;ide2');
});

test('tags come back in lower case, sorted and once', async () => {
  await using lab = await startLab({ templates: [template] });
  const api = apiForTests(lab);

  await api.call('PUT', '/nodes/pve1/qemu/9000/config', { tags: 'Owner-U123,ci;ci' });

  assert.equal((await config(api, 9000)).tags, 'ci;owner-u123');
});

test('a template that linked clones stand on stays', async () => {
  await using lab = await startLab({ templates: [template] });
  const api = apiForTests(lab);
  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100 });

  const exit = await api.task('DELETE', '/nodes/pve1/qemu/9000');
  const disk = await api.task('DELETE', '/nodes/pve1/storage/local/content/local:9000%2Fbase-9000-disk-0.qcow2');

  assert.equal(exit, "base volume 'local:9000/base-9000-disk-0.qcow2' is still in use by linked cloned");
  assert.equal(disk, "base volume '9000/base-9000-disk-0.qcow2' is still in use by linked clones");
  assert.deepEqual([...lab.machines.keys()], [9000, 100]);
});

test('two clones to one number: one wins, and the loser leaves the winner alone', async () => {
  await using lab = await startLab({ templates: [template] });
  const api = apiForTests(lab);

  const answers = await Promise.all(
    [1, 2, 3].map((number) => api.call('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, name: `race-${number}` })),
  );
  await lab.cluster.tasks.settle();

  const exits = answers
    .filter(({ status }) => status === 200)
    .map(({ body }) => lab.cluster.tasks.find((body as { data: string }).data)?.exitstatus);
  assert.equal(exits.filter((exit) => exit === 'OK').length, 1);
  assert.equal(lab.state.volumes.filter(({ vmid }) => vmid === 100).length, 2);
});

test('while a clone is made its config says whose it is, and a cancelled one goes away', async () => {
  await using lab = await startLab({ templates: [template], times: { copyMs: 2_000 } });
  const api = apiForTests(lab);

  const started = await api.call('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, full: 1, description: 'run=7' });
  const upid = (started.body as { data: string }).data;
  await sleep(5);
  const half = await config(api, 100);
  const change = await api.call('PUT', '/nodes/pve1/qemu/100/config', { cores: 2 });
  await api.call('DELETE', `/nodes/pve1/tasks/${encodeURIComponent(upid)}`);

  assert.deepEqual([half.lock, half.description], ['clone', 'run=7']);
  assert.deepEqual([change.status, change.reason], [500, 'VM is locked (clone)']);
  assert.match(lab.cluster.tasks.find(upid)?.exitstatus ?? '', /interrupted by signal/);
  assert.deepEqual([...lab.machines.keys()], [9000]);
});

test('on 8.4 a change of a VM that is being cloned waits for its lock and gives up', async () => {
  await using lab = await startLab({
    profile: '8.4',
    templates: [template],
    times: { copyMs: 2_000 },
    lockTimeoutMs: 20,
  });
  const api = apiForTests(lab);
  const started = await api.call('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, full: 1 });
  await sleep(5);

  const change = await api.call('PUT', '/nodes/pve1/qemu/100/config', { cores: 2 });

  assert.equal(change.reason, "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout");
  await lab.cluster.tasks.stop((started.body as { data: string }).data);
});

test('cluster/resources knows a new VM only by its number until pvestatd has looked', async () => {
  await using lab = await startLab({ templates: [template], resourcesLagMs: 60_000 });
  const api = apiForTests(lab);

  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, name: 'new' });

  const rows = await api.get<{ vmid: number; name?: string }[]>('/cluster/resources?type=vm');
  assert.deepEqual(
    rows.find(({ vmid }) => vmid === 100),
    { id: 'qemu/100', type: 'qemu', vmid: 100, node: 'pve1', status: 'unknown' },
  );
  assert.equal(rows.find(({ vmid }) => vmid === 9000)?.name, 'ubuntu-24.04');
});

test('a reboot’s task ends with the machine off, and root starts it again', async () => {
  await using gated = await startGated();
  await using lab = await startLab({ templates: [template], engine: gated.engine });
  const api = apiForTests(lab);
  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100 });
  await api.task('POST', '/nodes/pve1/qemu/100/status/start');
  // A guest that still boots does not hear of the shutdown.
  while ((await api.call('POST', '/nodes/pve1/qemu/100/agent/ping')).status !== 200) await sleep(1);

  gated.shut();
  const exit = await api.task('POST', '/nodes/pve1/qemu/100/status/reboot', { timeout: 5 });
  const between = lab.machines.get(100)?.power;
  gated.open();
  while (lab.machines.get(100)?.power !== 'running') await sleep(1);

  assert.deepEqual([exit, between], ['OK', 'stopped']);
  assert.match(lab.cluster.tasks.all()[0]?.upid ?? '', /qmstart:100:root@pam:$/);
});

test('shrinking a disk fails in the task; the same size is fine', async () => {
  await using lab = await startLab({ templates: [template] });
  const api = apiForTests(lab);
  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100 });
  const resize = (size: string, disk = 'scsi0') => api.task('PUT', '/nodes/pve1/qemu/100/resize', { disk, size });

  const exits = [await resize('1G'), await resize('2G'), await resize('+1G'), await resize('1G', 'scsi9')];

  assert.deepEqual(exits, ['shrinking disks is not supported', 'OK', 'OK', "disk 'scsi9' does not exist"]);
});

test('an attached ISO can be deleted, and the VM then does not start', async () => {
  await using lab = await startLab();
  const api = apiForTests(lab);
  await api.upload('pve1', 'local', 'a.iso', Buffer.alloc(2048));
  await lab.cluster.tasks.settle();
  await api.task('POST', '/nodes/pve1/qemu', { ...blank, ide2: 'local:iso/a.iso,media=cdrom' });

  const deleted = await api.task('DELETE', '/nodes/pve1/storage/local/content/local:iso%2Fa.iso');
  const start = await api.task('POST', '/nodes/pve1/qemu/100/status/start');

  assert.deepEqual([deleted, start], ['OK', "volume 'local:iso/a.iso' does not exist"]);
});

test('a linked clone can go to another node when its template lies on shared storage', async () => {
  await using lab = await startLab({ templates: [{ ...template, storage: 'nas' }] });
  const api = apiForTests(lab);

  const exit = await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, target: 'pve2' });

  assert.equal(exit, 'OK');
  assert.equal(lab.machines.get(100)?.node, 'pve2');
  assert.equal(await api.task('POST', '/nodes/pve2/qemu/100/status/start'), 'OK');
});
