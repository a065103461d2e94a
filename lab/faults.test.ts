import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiForTests } from './api-for-tests.ts';
import type { Fault } from './faults.ts';
import { send } from './golden-replay.ts';
import { startLab } from './start.ts';

const blank = { vmid: 100, name: 'blank', memory: 512 };

test('a status fault answers so many times and does nothing', async () => {
  await using lab = await startLab();
  const api = apiForTests(lab);
  lab.faults.push({ method: 'POST', path: /\/qemu$/, mode: 'status', status: 500, reason: 'got timeout', times: 2 });

  const answers = [
    await api.call('POST', '/nodes/pve1/qemu', blank),
    await api.call('POST', '/nodes/pve1/qemu', blank),
  ];
  const third = await api.task('POST', '/nodes/pve1/qemu', blank);

  assert.deepEqual(
    answers.map(({ status, reason }) => `${status} ${reason}`),
    ['500 got timeout', '500 got timeout'],
  );
  assert.equal(third, 'OK');
});

test('a dropped answer may hide work that was done, or not', async () => {
  await using lab = await startLab();
  const api = apiForTests(lab);

  lab.faults.push({ path: /\/qemu$/, mode: 'drop-before' });
  await assert.rejects(api.call('POST', '/nodes/pve1/qemu', blank), /socket hang up|ECONNRESET/);
  assert.equal(lab.machines.size, 0);
  lab.faults.push({ path: /\/qemu$/, mode: 'drop-after' });
  await assert.rejects(api.call('POST', '/nodes/pve1/qemu', blank), /socket hang up|ECONNRESET/);

  await lab.cluster.tasks.settle();
  assert.equal(lab.machines.size, 1);
});

test('a task fault lets the call through and its task fail', async () => {
  await using lab = await startLab();
  const api = apiForTests(lab);
  lab.faults.push({ path: '/qemu', mode: 'task', exitstatus: 'VM is locked (backup)' });

  const exit = await api.task('POST', '/nodes/pve1/qemu', blank);

  assert.equal(exit, 'VM is locked (backup)');
  assert.equal(lab.machines.size, 0);
});

test('a 596 comes with an empty body, as from pveproxy', async () => {
  await using lab = await startLab();
  lab.faults.push({ path: 'version', mode: 'status', status: 596, reason: 'Connection timed out' });

  const answer = await apiForTests(lab).call('GET', '/version');

  assert.deepEqual(answer, { status: 596, reason: 'Connection timed out', body: '' });
});

test('faults and call counts are also kept over HTTP', async () => {
  await using lab = await startLab();
  const api = apiForTests(lab);
  const fault = JSON.stringify({ path: 'version$', mode: 'status', status: 503 });

  await send(lab, 'POST', '/_lab/faults', { 'content-length': fault.length }, fault);
  const struck = await api.call('GET', '/version');
  await api.call('GET', '/version');
  const calls = await send(lab, 'GET', '/_lab/calls', {});

  assert.equal(struck.status, 503);
  assert.deepEqual(calls.body, { data: { 'GET /version': 1 } });
});

test('what takes Proxmox longer than its proxy waits ends as a 596', async () => {
  await using lab = await startLab({ proxyTimeoutMs: 20, agentTimeoutMs: 200 });
  const api = apiForTests(lab);
  await api.task('POST', '/nodes/pve1/qemu', { ...blank, agent: 'enabled=1' });
  await api.task('POST', '/nodes/pve1/qemu/100/status/start');

  const answer = await api.call('POST', '/nodes/pve1/qemu/100/agent/ping');

  assert.deepEqual(answer, { status: 596, reason: 'Connection timed out', body: '' });
});

test('a clone whose task is killed leaves its VM locked, and keeps its notes and tags', async () => {
  await using lab = await startLab({ templates: [{ vmid: 9000, name: 'base' }], times: { copyMs: 60_000 } });
  const api = apiForTests(lab);
  await api.call('PUT', '/nodes/pve1/qemu/9000/config', { description: 'whose it is', tags: 'ci' });
  const answer = await api.call('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, full: 1 });
  const { data: upid } = answer.body as { data: string };
  lab.faults.push({ method: 'DELETE', path: /\/tasks\//, mode: 'kill' });

  await api.call('DELETE', `/nodes/pve1/tasks/${upid}`);

  const config = await api.get<Record<string, string>>('/nodes/pve1/qemu/100/config');
  assert.deepEqual([config.lock, config.description, config.tags], ['clone', 'whose it is', 'ci']);
  assert.equal(lab.cluster.tasks.find(upid)?.exitstatus, 'unexpected status');
});

test('a clone whose task is stopped in time clears everything away', async () => {
  await using lab = await startLab({ templates: [{ vmid: 9000, name: 'base' }], times: { copyMs: 60_000 } });
  const api = apiForTests(lab);
  const answer = await api.call('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, full: 1 });
  const { data: upid } = answer.body as { data: string };

  await api.call('DELETE', `/nodes/pve1/tasks/${upid}`);

  assert.equal(lab.machines.has(100), false);
});

test('a huge answer ends when its client leaves, and what was sent is counted', async () => {
  await using lab = await startLab();
  const fault: Fault = { path: 'version', mode: 'huge', bytes: 3_000_000 };
  lab.faults.push(fault);

  const { body } = await apiForTests(lab).call('GET', '/version');

  assert.ok((body as { data: unknown[] }).data.length > 40_000);
  assert.ok((fault.sent ?? 0) >= 3_000_000);
});

test('a chatty task begins with a million lines, and then does its work', async () => {
  await using lab = await startLab();
  const api = apiForTests(lab);
  lab.faults.push({ path: /\/qemu$/, mode: 'chatty' });

  const exit = await api.task('POST', '/nodes/pve1/qemu', blank);

  assert.equal(exit, 'OK');
  assert.equal(lab.cluster.tasks.all()[0]?.lines.length, 1_000_001);
});
