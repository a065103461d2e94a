import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { Fault } from '#lab/faults.ts';
import { type Lab, startLab } from '#lab/start.ts';
import { connectApi } from './api.ts';
import { readMarker } from './marker.ts';
import { usualLimits } from './read-body.ts';
import { failing, no, settingsFor, startSetting } from './server-for-tests.ts';
import { Done, rows } from './shapes.ts';
import { readSnapshots } from './snapshots.ts';
import { listVmsOn, readVm } from './vms.ts';

const mebibyte = 1024 ** 2;

/** A client of the lab, for which an answer may take `wholeMs`. */
function connect(lab: Lab, wholeMs = usualLimits.wholeMs) {
  const token = { id: lab.token.id, secret: lab.token.secret };
  return connectApi(settingsFor([lab], { token }), { limits: { ...usualLimits, wholeMs } });
}

/** The most memory that was used meanwhile beyond what was used before, bytes. */
async function memoryOf(work: () => Promise<unknown>): Promise<number> {
  const used = () => process.memoryUsage.rss();
  const before = used();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, used());
  }, 5);
  await work();
  clearInterval(timer);
  return most - before;
}

test('an answer of 500 MB is cut off after 16 MiB and named, and asked for once only', async () => {
  await using lab = await startLab();
  await using api = connect(lab);
  const fault: Fault = { path: '/nodes/pve1/qemu', mode: 'huge', times: 3 };
  lab.faults.push(fault);

  const memory = await memoryOf(async () => {
    const error = await failing(api.get('/nodes/pve1/qemu', Done));

    assert.equal(error.message, `${lab.url} was cut off, as its answer to GET /nodes/pve1/qemu is longer than 16 MiB`);
    assert.match(error.hint ?? '', /^See with `pvesh get \/nodes\/pve1\/qemu` on a node/);
    assert.deepEqual([error.system, error.kind, error.outcome], ['Proxmox home', 'answer too long', 'passing']);
  });

  assert.equal(fault.times, 2);
  assert.ok((fault.sent ?? 0) < 40 * mebibyte, `the lab sent ${fault.sent} bytes`);
  assert.ok(memory < 200 * mebibyte, `${memory} bytes of memory`);
});

test('a body that never ends is given up after the whole answer’s time, although it never pauses for long', async () => {
  await using lab = await startLab();
  await using api = connect(lab, 300);
  const fault: Fault = { path: '/nodes/pve1/qemu', mode: 'endless', times: 3 };
  lab.faults.push(fault);
  const start = performance.now();

  const error = await failing(api.get('/nodes/pve1/qemu', Done));

  assert.match(error.message, /its answer to GET \/nodes\/pve1\/qemu had not ended after 0\.3 s$/);
  assert.ok(performance.now() - start < 5_000);
  assert.equal(fault.times, 2);
});

for (const mode of ['huge', 'endless'] as const) {
  test(`a change whose answer is ${mode} may have been done, and is sent once only`, async () => {
    await using lab = await startLab();
    await using api = connect(lab, 1_000);
    lab.faults.push({ method: 'POST', path: /^\/pools$/, mode });

    const error = await failing(api.post('/pools', Done, { poolid: 'bots' }));

    assert.deepEqual([error.kind, error.outcome], ['unknown outcome', 'unknown']);
    assert.match(error.message, /its answer to POST \/pools (is longer|had not ended).*, so it may have been done$/);
    assert.equal(lab.calls.get('POST /pools'), 1);
    assert.deepEqual(await api.get('/pools', rows(z.object({ poolid: z.string() }))), [{ poolid: 'bots' }]);
  });
}

test('after an answer that is too long, later calls go to the next host', async () => {
  await using one = await startLab();
  await using other = await startLab();
  const token = { id: one.token.id, secret: one.token.secret };
  other.state.users = one.state.users;
  await using api = connectApi(settingsFor([one, other], { token }));
  one.faults.push({ path: '/version', mode: 'huge', times: 100 });

  await failing(api.get('/version', Done));
  await api.get('/version', Done);
});

test('an answer of many small values is refused before it is read into memory', async () => {
  const body = `{"data":[${'{},'.repeat(5 * mebibyte)}{}]}`;
  await using setting = await startSetting(() => ({ body }));

  const error = await failing(setting.api.get('/nodes', Done));

  assert.match(error.message, /its answer to GET \/nodes holds more than a million values$/);
});

test('a list with a million wrong rows costs one complaint', async () => {
  const body = `{"data":[${'0,'.repeat(900_000)}0]}`;
  await using setting = await startSetting(() => ({ body }));

  const memory = await memoryOf(async () => {
    const error = await failing(setting.api.get('/nodes', rows(z.object({ node: z.string() }))));

    assert.match(error.message, /^GET \/nodes answered something unexpected in data\.0: /);
    assert.ok(JSON.stringify(error.cause).length < 10_000);
  });

  assert.ok(memory < 150 * mebibyte, `${memory} bytes of memory`);
});

test('what a refusal says is shortened, in its text and for each parameter', async () => {
  const errors = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`field${at}`, 'x'.repeat(100_000)]));
  await using long = await startSetting(() => no(500, 'oops '.repeat(1000)));
  await using many = await startSetting(() => ({ status: 400, body: { data: null, errors } }));
  await using deep = await startSetting(() => ({
    status: 400,
    body: `{"data":null,"errors":{"cores":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
  }));

  const [text, fields, nested] = await Promise.all(
    [long, many, deep].map(({ api }) => failing(api.post('/nodes/pve1/qemu', Done))),
  );

  assert.ok((text?.message.length ?? 0) < 1_100);
  assert.ok((fields?.message.length ?? 0) < 20 * 700);
  assert.equal(Object.keys(fields?.fields ?? {}).length, 20);
  assert.equal(nested?.message, 'POST /nodes/pve1/qemu was refused: cores: is wrong');
});

test('a name of megabytes is cut, and a configuration that is no file of Proxmox’s is not read to its end', async () => {
  const row = { vmid: 100, name: 'x'.repeat(1_000_000), tags: 'y'.repeat(1_000_000), status: 'running' };
  await using names = await startSetting(() => ({ body: { data: [row] } }));
  await using notes = await startSetting(() => ({ body: { data: { description: 'x'.repeat(3 * mebibyte) } } }));
  await using deep = await startSetting(() => ({
    body: `{"data":{"name":"web","tags":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
  }));

  const [vm] = await listVmsOn(names.api, 'pve1');
  const error = await failing(readVm(notes.api, 'pve1', 100));
  const config = await readVm(deep.api, 'pve1', 100);

  assert.deepEqual([vm?.name?.length, vm?.tags[0]?.length], [4096, 4096]);
  assert.match(error.message, /its answer to GET \/nodes\/pve1\/qemu\/100\/config is longer than 2 MiB$/);
  assert.deepEqual([config?.name, config?.tags], ['web', []]);
});

test('of a VM with a hundred thousand snapshots none is asked for, and it is named', async () => {
  const data = Array.from({ length: 100_000 }, (_, at) => ({ name: `s${at}` }));
  await using setting = await startSetting(() => ({ body: { data } }));

  const error = await failing(readSnapshots(setting.api, 'pve1', 100));

  assert.equal(error.message, 'VM 100 on pve1 has 100000 snapshots');
  assert.equal(setting.server.heard.length, 1);
});

test('notes of megabytes that begin many markers are no work for minutes', () => {
  const start = performance.now();

  const marker = readMarker('<!-- botswain {'.repeat(130_000));

  assert.equal(marker, undefined);
  assert.ok(performance.now() - start < 1_000);
});
