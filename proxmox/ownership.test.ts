import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Api } from './api.ts';
import { writeMarker } from './marker.ts';
import { requireOurs, requireSame, whoseVm } from './ownership.ts';
import { failing, type Heard, no, type Reply, startSetting } from './server-for-tests.ts';

const marker = { run: 'r1', owner: 'ana', vmid: 500, template: 'debian-12' };
const ours = { name: 'k8s-dev', description: writeMarker('made for ana', marker), smbios1: 'uuid=u-1', digest: 'x' };
const missing = no(500, "Configuration file 'nodes/pve1/qemu-server/500.conf' does not exist");
const data = (value: unknown): Reply => ({ body: { data: value } });

/** Notes as versions wrote them whose markers named no VM. */
const olderNotes = (name: string) =>
  `${name}, made by Botswain for ana\n\n<!-- botswain {"run":"r1","owner":"ana","template":"debian-12"} -->`;

/** A cluster where VM 500 has these configurations by node, and these tasks run. */
function startCluster(configs: Readonly<Record<string, unknown>>, tasks: readonly object[] = []) {
  return startSetting(({ path }: Heard) => {
    const [, , node = ''] = path.split('/');
    if (path === '/cluster/resources') {
      return data(Object.keys(configs).map((one) => ({ type: 'qemu', node: one, vmid: 500, status: 'unknown' })));
    }
    if (path.endsWith('/tasks')) return data(tasks);
    return configs[node] ? data(configs[node]) : missing;
  });
}

/** What tells whose VMs are in that cluster: how to ask it, and our range of numbers. */
const place = ({ api }: { readonly api: Api }) => ({ api, settings: { vmids: { from: 500, to: 599 } } });

describe('whose a VM is', () => {
  const copying = { lock: 'clone', digest: 'x' };
  const clone = {
    upid: 'UPID:pve1:1:2:3:qmclone:9000:bot@pve!test:',
    type: 'qmclone',
    status: 'RUNNING',
    starttime: 1,
  };

  test('ours when its marker names the run, foreign with any other or none', async () => {
    await using setting = await startCluster({ pve1: ours });
    await using bare = await startCluster({ pve1: { name: 'x' } });

    assert.equal((await whoseVm(setting.api, 'pve1', 500, 'r1')).whose, 'ours');
    assert.equal((await whoseVm(setting.api, 'pve1', 500, 'r2')).whose, 'foreign');
    assert.equal((await whoseVm(bare.api, 'pve1', 500, 'r1')).whose, 'foreign');
  });

  test('missing when no node has it', async () => {
    await using setting = await startCluster({});

    assert.equal((await whoseVm(setting.api, 'pve1', 500, 'r1')).whose, 'missing');
  });

  test('ours where HA has brought it, when the node that it was on is away', async () => {
    const away: Reply = { status: 595, reason: 'No route to host', body: {} };
    await using setting = await startSetting(({ path }: Heard) => {
      if (path === '/cluster/resources') return data([{ type: 'qemu', node: 'pve2', vmid: 500, status: 'running' }]);
      return path.startsWith('/nodes/pve1/') ? away : data(ours);
    });
    await using stays = await startSetting(({ path }: Heard) =>
      path === '/cluster/resources' ? data([{ type: 'qemu', node: 'pve1', vmid: 500, status: 'unknown' }]) : away,
    );

    assert.deepEqual(await whoseVm(setting.api, 'pve1', 500, 'r1'), { whose: 'ours', node: 'pve2' });
    assert.equal((await failing(whoseVm(stays.api, 'pve1', 500, 'r1'))).kind, 'node down');
  });

  test('copying while a clone works on it, even on the source’s node', async () => {
    await using setting = await startCluster({ pve2: copying }, [clone]);

    assert.equal((await whoseVm(setting.api, 'pve1', 500, 'r1')).whose, 'copying');
  });

  test('copying while it may be a copy that the token can’t see before it has joined its pool', async () => {
    const answers = (tasks: unknown) => (call: Heard) => {
      if (call.path === '/cluster/resources') return data([]);
      return call.path === '/cluster/tasks' ? data(tasks) : no(403, 'Permission check failed (/vms/500, VM.Audit)');
    };
    await using busy = await startSetting(answers([{ type: 'qmclone', starttime: 1 }]));
    await using idle = await startSetting(answers([{ type: 'qmclone', starttime: 1, endtime: 2, status: 'OK' }]));

    assert.equal((await whoseVm(busy.api, 'pve1', 500, 'r1')).whose, 'copying');
    assert.equal((await whoseVm(idle.api, 'pve1', 500, 'r1')).whose, 'missing');
  });

  test('a copy that nobody works on any more is for root to clean up', async () => {
    await using setting = await startCluster({ pve1: copying });

    const error = await failing(whoseVm(setting.api, 'pve1', 500, 'r1'));

    assert.deepEqual([error.kind, error.outcome], ['locked', 'permanent']);
    assert.match(error.hint ?? '', /on pve1: qm unlock 500 && qm destroy 500/);
  });
});

describe('before something that can’t be taken back', () => {
  test('our own VM passes', async () => {
    await using setting = await startCluster({ pve1: ours });

    const config = await requireOurs(place(setting), 'pve1', 500, { run: 'r1', uuid: 'u-1' });

    assert.equal(config.name, 'k8s-dev');
  });

  const clone = { ...ours, description: writeMarker('k8s-dev', { ...marker, vmid: 400 }) };
  const restored = { ...ours, description: writeMarker('', { ...marker, uuid: 'u-1' }), smbios1: 'uuid=u-2' };
  const older = { ...ours, name: 'mine', description: olderNotes('k8s-dev') };
  const cases = [
    [{ name: 'pet' }, {}, 'it carries no marker of Botswain'],
    [clone, {}, 'it carries the marker of VM 400: Proxmox copies the notes when a VM is cloned or restored'],
    [clone, { run: 'r1' }, 'it carries the marker of VM 400: Proxmox copies the notes when a VM is cloned or restored'],
    [restored, { uuid: 'u-2' }, 'its marker names another SMBIOS UUID (u-1) than it has (u-2)'],
    [older, {}, 'its marker is one of an older version, and does not say that VM 500 is meant'],
    [ours, { run: 'r2' }, 'it was made by run r1, not by r2'],
    [ours, { uuid: 'u-2' }, 'its SMBIOS UUID is another one'],
    [ours, { uuid: '' }, 'its SMBIOS UUID is another one'],
  ] as const;
  for (const [config, expected, why] of cases) {
    test(`a VM is left alone when ${why} (${JSON.stringify(expected)})`, async () => {
      await using setting = await startCluster({ pve1: config });

      const error = await failing(requireOurs(place(setting), 'pve1', 500, expected));

      assert.deepEqual([error.kind, error.outcome], ['protected', 'permanent']);
      assert.equal(error.message, `VM 500 on pve1 (${config.name}) is left alone: ${why}`);
    });
  }

  test('one that is gone is said so', async () => {
    await using setting = await startCluster({});

    assert.equal((await failing(requireOurs(place(setting), 'pve1', 500, { run: 'r1' }))).kind, 'missing');
  });

  test('an older marker counts in our range of numbers, on the VM that its notes begin with', async () => {
    await using setting = await startCluster({ pve1: { ...ours, description: olderNotes('k8s-dev') } });
    const elsewhere = { api: setting.api, settings: { vmids: { from: 5000, to: 5999 } } };

    assert.equal((await requireOurs(place(setting), 'pve1', 500, { uuid: 'u-1' })).name, 'k8s-dev');
    assert.equal((await failing(requireOurs(elsewhere, 'pve1', 500, { uuid: 'u-1' }))).kind, 'protected');
  });

  test('the run that made a VM knows its number, so an older marker will do for it', async () => {
    await using setting = await startCluster({
      pve1: { ...ours, name: 'renamed', description: olderNotes('k8s-dev') },
    });

    assert.equal((await requireOurs(place(setting), 'pve1', 500, { run: 'r1' })).name, 'renamed');
  });

  test('whatever is changed must still be the VM with that SMBIOS UUID, in whichever case it is written', async () => {
    await using setting = await startCluster({ pve1: { name: 'pet', smbios1: 'uuid=AB-1', digest: 'x' } });

    assert.equal((await requireSame(setting.api, 'pve1', 500, 'ab-1')).name, 'pet');
    assert.equal((await failing(requireSame(setting.api, 'pve1', 500, 'ab-2'))).kind, 'protected');
  });
});
