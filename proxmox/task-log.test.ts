import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLab } from '#lab/start.ts';
import { connectApi } from './api.ts';
import { failing, type Heard, quickClock, type Reply, settingsFor, startSetting } from './server-for-tests.ts';
import { Upid, waitTask } from './tasks.ts';

const upid: Upid = 'UPID:pve2:0000012D:00086D2C:6B010F9E:qmclone:9000:bot@pve!test:';
const { signal } = new AbortController();

/** A server on which the task runs until `endsAfter` looks, and writes a full page between two of our questions. */
function startWriter(endsAfter: number, exitstatus: string, line: (n: number) => string) {
  let looks = 0;
  let written = 500;
  return startSetting(({ path, query }: Heard): Reply => {
    if (!path.endsWith('/log')) {
      const data = ++looks > endsAfter ? { status: 'stopped', exitstatus } : { status: 'running' };
      return { body: { data } };
    }
    const asked = new URLSearchParams(query);
    const [start, limit] = [Number(asked.get('start')), Number(asked.get('limit'))];
    if (looks <= endsAfter) written = Math.max(written, start + limit);
    const lines = Array.from({ length: Math.max(0, Math.min(limit, written - start)) }, (_, at) => start + at + 1);
    return { body: { total: written, data: lines.map((n) => ({ n, t: line(n) })) } };
  });
}

test('of a log of a million lines 2000 are told, how many were left out, and the last, in a few calls', async () => {
  await using lab = await startLab();
  const token = { id: lab.token.id, secret: lab.token.secret };
  await using api = connectApi(settingsFor([lab], { token }));
  lab.faults.push({ path: /\/qemu$/, mode: 'chatty', exitstatus: 'disk full' });
  const task = await api.post('/nodes/pve1/qemu', Upid, { vmid: 100, name: 'blank' });
  const told: string[] = [];

  const waiting = waitTask(api, task, { clock: quickClock(), signal, onLog: (line) => told.push(line) });
  const error = await failing(waiting);

  assert.match(error.message, /failed: disk full$/);
  assert.deepEqual([told.length, told[2000]], [2000 + 1 + 19, '… 997981 lines left out']);
  assert.ok((lab.calls.get('GET /nodes/{node}/tasks/{upid}/log') ?? 0) <= 10);
});

test('a task that writes faster than its log is read is seen to end', async () => {
  await using setting = await startWriter(12, 'OK', (n) => `transferred ${n} (1.00%)`);
  const slow = { ...setting.clock, sleep: (ms: number) => setting.clock.sleep(ms * 20) };
  const told: string[] = [];

  await waitTask(setting.api, upid, { clock: slow, signal, onLog: (line) => told.push(line) });

  const asked = setting.server.heard.filter(({ path }) => path.endsWith('/log'));
  assert.ok(asked.length > 4 && asked.length <= 12 * 4 + 6, `${asked.length} questions`);
});

test('a line of megabytes is shortened, and a page of them is left out and named', async () => {
  await using one = await startWriter(0, 'OK', (n) => (n === 1 ? 'x'.repeat(1024 ** 2) : 'short'));
  await using all = await startWriter(0, 'OK', () => 'x'.repeat(50_000));
  const told: string[][] = [[], []];

  for (const [at, { api, clock }] of [one, all].entries()) {
    await waitTask(api, upid, { clock, signal, onLog: (line) => told[at]?.push(line) });
  }

  assert.deepEqual([told[0]?.length, told[0]?.[0]?.length, told[0]?.[1]], [500, 1000, 'short']);
  assert.equal(told[1]?.length, 1);
  assert.match(told[1]?.[0] ?? '', /^… the rest of the log is left out: .* is longer than 4 MiB$/);
});

test('of a thousand warnings twenty are told, and how many more there are', async () => {
  await using setting = await startWriter(0, 'WARNINGS: 500', (n) => `WARN: number ${n}`);

  const { warnings } = await waitTask(setting.api, upid, { ...setting, signal });

  assert.deepEqual([warnings.length, warnings[0]], [21, 'number 1']);
  assert.equal(warnings[20], 'qmclone 9000 on pve2 has 480 more warnings in its log');
});
