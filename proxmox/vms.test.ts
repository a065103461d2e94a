import assert from 'node:assert/strict';
import { test } from 'node:test';
import { locateVm } from './locate.ts';
import { failing, type Heard, no, type Reply, startSetting } from './server-for-tests.ts';
import { destroyVm, readStatus, readVm, resizeDisk, setConfig } from './vms.ts';

const data = (value: unknown): Reply => ({ body: { data: value } });
const missing = no(500, "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist");
const upid = 'UPID:pve1:1:2:3:resize:100:bot@pve!test:';

test('a VM’s node is known from the moment that its file is there', async () => {
  await using setting = await startSetting(() => data([{ type: 'qemu', node: 'pve1', vmid: 101, status: 'unknown' }]));

  assert.equal(await locateVm(setting.api, 101), 'pve1');
  assert.equal(await locateVm(setting.api, 999), undefined);
});

test('a VM that is not there, or that the token may not see, reads as undefined; an unknown node does not', async () => {
  const answers = {
    pve1: missing,
    nope: no(500, "hostname lookup 'nope' failed - failed to get address info for: nope: x"),
    pve3: no(403, 'Permission check failed (/vms/999, VM.Audit)'),
  };
  await using setting = await startSetting(({ path }: Heard) => answers[path.split('/')[2] as keyof typeof answers]);

  assert.equal(await readVm(setting.api, 'pve1', 999), undefined);
  assert.equal(await readStatus(setting.api, 'pve1', 999), undefined);
  assert.equal((await failing(readVm(setting.api, 'nope', 999))).message, 'there is no node nope in this cluster');
  assert.equal(await readVm(setting.api, 'pve3', 999), undefined);
});

test('a state is read leniently', async () => {
  const answers = [
    { status: 'running', qmpstatus: 'paused', uptime: '84', agent: 1, ha: { managed: 1 }, lock: null },
    { status: 'stopped', ha: { managed: 0 }, lock: 'backup' },
  ];
  await using setting = await startSetting(() => data(answers.shift()));

  assert.deepEqual(await readStatus(setting.api, 'pve1', 100), {
    ...{ status: 'running', qmpstatus: 'paused', uptime: 84, agent: true, ha: true },
  });
  assert.deepEqual(await readStatus(setting.api, 'pve1', 100), {
    ...{ status: 'stopped', uptime: 0, agent: false, ha: false, lock: 'backup' },
  });
});

test('growing a disk answers a task, or null from Proxmox 7', async () => {
  const answers = [upid, null];
  await using setting = await startSetting(() => data(answers.shift()));

  assert.equal(await resizeDisk(setting.api, 'pve1', 100, 'scsi0', 40), upid);
  assert.equal(await resizeDisk(setting.api, 'pve1', 100, 'scsi0', 40), null);
  assert.equal(setting.server.heard[0]?.body, 'disk=scsi0&size=40G');
});

test('a digest makes Proxmox refuse when somebody else was quicker', async () => {
  await using setting = await startSetting(() => no(500, 'checksum mismatch (file change by other user?)'));

  const error = await failing(setConfig(setting.api, 'pve1', 100, { cores: 2 }, 'abc'));

  assert.deepEqual([error.kind, error.outcome], ['digest', 'permanent']);
  assert.equal(setting.server.heard[0]?.body, 'cores=2&digest=abc');
});

test('a VM is destroyed with its disks and everything that mentions it', async () => {
  await using setting = await startSetting(() => data(upid));

  await destroyVm(setting.api, 'pve1', 100);

  const [call] = setting.server.heard;
  assert.deepEqual(
    [call?.method, call?.path, call?.query],
    ['DELETE', '/nodes/pve1/qemu/100', 'purge=1&destroy-unreferenced-disks=0'],
  );
});
