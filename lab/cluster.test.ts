import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiForTests, apiForTests } from './api-for-tests.ts';
import { startGated } from './gate-for-tests.ts';
import { type Lab, startLab } from './start.ts';

const template = { vmid: 9000, name: 'debian-12' };
const shared = { vmid: 9001, name: 'debian-12-nas', storage: 'nas' };

/** Tasks by type, oldest first. */
const tasksOf = (lab: Lab) => lab.cluster.tasks.all().reverse();
const statusOf = async (api: ApiForTests, method: string, path: string, params = {}) => {
  const { status, reason } = await api.call(method, path, params);
  return `${status} ${reason}`;
};

test('each node can have an address of its own, and both lead to both', async () => {
  await using lab = await startLab({ doors: 'each', templates: [template] });
  const second = apiForTests({ ...lab, url: lab.urls.pve2 ?? '' });

  const rows = await second.get<{ vmid: number }[]>('/nodes/pve1/qemu');

  assert.deepEqual(Object.keys(lab.urls), ['pve1', 'pve2']);
  assert.deepEqual(
    rows.map(({ vmid }) => vmid),
    [9000],
  );
});

test('an upload for another node is a task of the node that took it', async () => {
  await using lab = await startLab({ doors: 'each' });

  const answer = await apiForTests(lab).upload('pve2', 'local', 'a.iso', Buffer.alloc(2048));
  await lab.cluster.tasks.settle();

  const [task] = lab.cluster.tasks.all();
  assert.match((answer.body as { data: string }).data, /^UPID:pve1:/);
  assert.deepEqual([task?.node, task?.exitstatus, lab.state.volumes[0]?.node], ['pve1', 'OK', 'pve2']);
});

test('a node that is offline answers 595 through the other, and its own address nobody', async () => {
  await using lab = await startLab({ doors: 'each', templates: [{ ...template, node: 'pve2' }] });
  for (const node of lab.state.nodes) if (node.name === 'pve2') node.online = false;

  const through = await statusOf(apiForTests(lab), 'POST', '/nodes/pve2/qemu/9000/clone', { newid: 100 });

  assert.equal(through, '595 No route to host');
  await assert.rejects(apiForTests({ ...lab, url: lab.urls.pve2 ?? '' }).get('/version'), /socket|ECONNRESET/);
});

test('one of two nodes is no majority, two of three are', async () => {
  const begin = async (nodes: readonly string[]) => {
    await using lab = await startLab({ nodes, templates: [template] });
    for (const node of lab.state.nodes) if (node.name === 'pve2') node.online = false;
    return await statusOf(apiForTests(lab), 'POST', '/nodes/pve1/qemu/9000/clone', { newid: 100 });
  };

  const answers = [await begin(['pve1', 'pve2']), await begin(['pve1', 'pve2', 'pve3'])];

  assert.deepEqual(answers, ['500 cluster not ready - no quorum?', '200 OK']);
});

test('a cluster without its majority reads and logs in, and begins nothing', async () => {
  await using lab = await startLab({ templates: [template] });
  const api = apiForTests(lab);
  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100 });
  lab.state.quorate = false;

  const clone = await statusOf(api, 'POST', '/nodes/pve1/qemu/9000/clone', { newid: 101 });
  const config = await statusOf(api, 'PUT', '/nodes/pve1/qemu/100/config', { cores: 2 });
  const destroyed = await api.task('DELETE', '/nodes/pve1/qemu/100');
  const user = await statusOf(api, 'POST', '/access/users', { userid: 'a@pve' });

  assert.equal(clone, '500 cluster not ready - no quorum?');
  assert.match(
    config,
    /^500 unable to open file '\/etc\/pve\/nodes\/pve1\/qemu-server\/100\.conf\.tmp\.\d+' - Permission denied$/,
  );
  assert.match(destroyed ?? '', /Permission denied$/);
  assert.equal(user, "500 create user failed: cfs-lock 'file-user_cfg' error: no quorum!");
  assert.equal(await api.get('/cluster/nextid'), '101');
});

test('clones to another node follow their storages', async () => {
  await using lab = await startLab({ templates: [template, shared] });
  const api = apiForTests(lab);
  const clone = (source: number, params: object) =>
    statusOf(api, 'POST', `/nodes/pve1/qemu/${source}/clone`, { newid: 100, target: 'pve2', ...params });

  const local = [
    await clone(9000, {}),
    await clone(9000, { full: 1 }),
    await clone(9000, { full: 1, storage: 'fast' }),
  ];
  const onShared = await api.task('POST', '/nodes/pve1/qemu/9001/clone', { newid: 100, target: 'pve2', full: 1 });

  assert.deepEqual(local, [
    "500 can't clone VM to node 'pve2' (VM uses local storage)",
    "500 can't clone VM to node 'pve2' (VM uses local storage)",
    "500 can't clone to non-shared storage 'fast'",
  ]);
  assert.deepEqual([onShared, lab.machines.get(100)?.node], ['OK', 'pve2']);
});

test('a VM that is off goes to another node with its disk, and back', async () => {
  await using lab = await startLab({ templates: [template] });
  const api = apiForTests(lab);
  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, full: 1 });

  const away = await api.task('POST', '/nodes/pve1/qemu/100/migrate', { target: 'pve2' });
  const started = await api.task('POST', '/nodes/pve2/qemu/100/status/start');
  const running = await statusOf(api, 'POST', '/nodes/pve2/qemu/100/migrate', { target: 'pve1' });

  assert.deepEqual([away, started, lab.machines.get(100)?.node], ['OK', 'OK', 'pve2']);
  assert.equal(running, '400 Parameter verification failed.');
  assert.deepEqual(
    new Set(lab.state.volumes.filter(({ vmid }) => vmid === 100).map(({ node }) => node)),
    new Set(['pve2']),
  );
});

test('what HA manages is asked for by one task and done by another one of root’s', async () => {
  await using gated = await startGated();
  await using lab = await startLab({ templates: [template], engine: gated.engine });
  const api = apiForTests(lab);
  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100 });
  await api.call('POST', '/cluster/ha/resources', { sid: 'vm:100' });

  gated.shut();
  const asked = await api.task('POST', '/nodes/pve1/qemu/100/status/start');
  const before = lab.machines.get(100)?.power;
  gated.open();
  while (lab.machines.get(100)?.power !== 'running') await sleep(2);
  const destroy = await statusOf(api, 'DELETE', '/nodes/pve1/qemu/100');

  assert.deepEqual([asked, before], ['OK', 'stopped']);
  assert.deepEqual(
    tasksOf(lab)
      .slice(-2)
      .map(({ type, owner }) => `${type} of ${owner}`),
    ['hastart of botswain@pve!lab', 'qmstart of root@pam'],
  );
  assert.equal(destroy, '500 unable to remove VM 100 - used in HA resources and purge parameter not set.');
});

test('a call that takes longer than the proxy waits is a 596, and its work goes on', async () => {
  await using lab = await startLab({ proxyTimeoutMs: 20, templates: [template] });
  lab.faults.push({ path: /clone$/, mode: 'slow', delayMs: 60 });

  const answer = await statusOf(apiForTests(lab), 'POST', '/nodes/pve1/qemu/9000/clone', { newid: 100 });
  while (!lab.machines.has(100)) await sleep(2);

  assert.equal(answer, '596 Connection timed out');
});

test('an upload that nobody answers in time is cut off, and its task finds no file any more', async () => {
  await using lab = await startLab({ uploadCutMs: 20 });
  lab.faults.push({ path: /upload$/, mode: 'slow', delayMs: 40 });

  const upload = apiForTests(lab).upload('pve1', 'local', 'a.iso', Buffer.alloc(2048));

  await assert.rejects(upload, /socket|ECONNRESET/);
  while (lab.cluster.tasks.all().length === 0) await sleep(2);
  await lab.cluster.tasks.settle();
  assert.match(
    lab.cluster.tasks.all()[0]?.exitstatus ?? '',
    /^failed to stat '.*pveupload-\w+': No such file or directory$/,
  );
  assert.deepEqual(lab.state.volumes, []);
});

test('an agent that does not answer costs its caller the whole time-out', async () => {
  await using lab = await startLab({ agentTimeoutMs: 80, templates: [template], times: { bootMs: 60_000 } });
  const api = apiForTests(lab);
  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100 });
  await api.task('POST', '/nodes/pve1/qemu/100/status/start');

  const begun = performance.now();
  const answer = await statusOf(api, 'POST', '/nodes/pve1/qemu/100/agent/ping');

  assert.equal(answer, '500 QEMU guest agent is not running');
  assert.ok(performance.now() - begun >= 79);
});

test('a stop that meets a shutdown waits for the VM’s lock and gives up, or overrules it', async () => {
  await using lab = await startLab({ lockTimeoutMs: 30, templates: [template], times: { bootMs: 60_000 } });
  const api = apiForTests(lab);
  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100 });
  await api.task('POST', '/nodes/pve1/qemu/100/status/start');
  await api.call('POST', '/nodes/pve1/qemu/100/status/shutdown', { timeout: 60 });

  const stop = await api.task('POST', '/nodes/pve1/qemu/100/status/stop');
  const overruled = await api.task('POST', '/nodes/pve1/qemu/100/status/stop', { 'overrule-shutdown': 1 });

  assert.equal(stop, "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout");
  assert.equal(overruled, 'OK');
});
