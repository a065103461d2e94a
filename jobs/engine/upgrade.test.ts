import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnyJob } from './job.ts';
import { makeKeys } from './keys.ts';
import { jobsOf, make } from './test-jobs.ts';
import { ana, openSetting, type Setting, shortLease } from './test-setting.ts';

const old = jobsOf(make);
const renewed: AnyJob = { ...make, version: 2 };
const brew: AnyJob = { ...make, name: 'brew' };
/** What a worker of the next release knows: another version of one job, and a job that is new. */
const next = jobsOf(renewed, brew);
/** Nobody is asked before the test is over. */
const patient = { stranded: 60_000 };

const waitsFor = (setting: Setting, id: string, what: RegExp) =>
  setting.untilTrue(`${id} waits for ${what}`, async () => what.test((await setting.runs.read(id))?.waitingFor ?? ''));

async function lines(setting: Setting, id: string): Promise<string[]> {
  return (await setting.runs.log(id)).map(({ text }) => text);
}

test('V-upg: a run of the next version waits, unharmed, until a worker that knows it has come', async () => {
  await using setting = await openSetting(old);
  await setting.startWorker({ times: patient });
  const changed = await setting.submit({ version: 2 });
  const added = await setting.submit({ job: 'brew' });
  await waitsFor(setting, changed, /^a worker that knows "make", version 2/);
  await waitsFor(setting, added, /^a worker that knows "brew", version 1/);
  const before = await setting.runs.read(changed);

  await setting.startWorker({ jobs: next, times: patient });
  const runs = [await setting.until(changed, 'done'), await setting.until(added, 'done')];

  assert.deepEqual([before?.state, before?.epoch, before?.owner, before?.leaseUntil], ['planning', 0, undefined, 0]);
  assert.deepEqual(
    runs.map(({ epoch, waitingFor }) => [epoch, waitingFor]),
    [
      [1, undefined],
      [1, undefined],
    ],
  );
  assert.deepEqual(await lines(setting, changed), [
    'Waiting for a worker that knows "make", version 2, and the cluster "lab": none runs now.',
  ]);
});

test('V-upg: a run of the version before is carried out by the worker that still knows it, whoever hears of it', async () => {
  await using setting = await openSetting(next);
  // Nobody sweeps: a bell that the wrong one heard must reach the right one all the same.
  const times = { ...patient, sweep: 60_000, left: 60_000 };
  await setting.startWorker({ jobs: next, times });
  await setting.startWorker({ jobs: old, times });

  const ids = await Promise.all(Array.from({ length: 40 }, (_, at) => setting.submit({ version: 1 + (at % 2) })));
  const runs = await Promise.all(ids.map((id) => setting.until(id, 'done', 20_000)));

  assert.deepEqual(
    runs.map(({ version, epoch }) => [version, epoch]),
    ids.map((_, at) => [1 + (at % 2), 1]),
  );
  assert.deepEqual((await Promise.all(ids.map((id) => lines(setting, id)))).flat(), []);
});

test('V-upg: what an old worker began goes on with an old worker, and no try is counted for those who can not', async () => {
  await using setting = await openSetting(old);
  const mortal = await setting.startMortal('before make#b/effect');
  const id = await setting.submit();
  await mortal.died;
  await setting.startWorker({ jobs: next, times: patient });
  await waitsFor(setting, id, /"make", version 1/);

  await setting.startWorker({ jobs: old, times: patient });
  await setting.until(id, 'done');

  const takeovers = await setting.redis.hget(makeKeys(setting.prefix).run(id), 'takeovers');
  assert.equal(takeovers, '0');
  assert.deepEqual(
    setting.far.effects.filter((effect) => effect.startsWith('make')),
    ['make a', 'make b', 'make c'],
  );
});

test('V-upg: a run gets stuck only when no live worker has known its job for a while', async () => {
  await using setting = await openSetting(old);
  const gone = await setting.startWorker({ jobs: next });
  await setting.startWorker({ jobs: old });
  await setting.until(await setting.submit({ version: 2 }), 'done');
  await gone.drain();

  const stranded = await setting.until(await setting.submit({ version: 2 }), 'stuck');
  await setting.startWorker({ jobs: next });
  const retried = await setting.runs.retry(stranded.id, ana);
  await setting.until(stranded.id, 'done');

  assert.match(stranded.failure?.message ?? '', /begun by version 2, and the workers have version 1/);
  assert.equal(retried, 'ok');
});

test('V-upg: a worker that died counts as gone when its lease is over', async () => {
  await using setting = await openSetting(old);
  await setting.startWorker({ jobs: next, times: { ...shortLease, ...patient } });
  const mortal = await setting.startMortal();
  mortal.kill();

  const id = await setting.submit();

  await waitsFor(setting, id, /"make", version 1/);
});

test('V-upg: a run of a cluster that only another worker reaches is left to that one', async () => {
  await using setting = await openSetting(old);
  const onlyLab = new Map([...setting.tools.clusters].filter(([name]) => name === 'lab'));
  const times = { ...patient, sweep: 60_000, left: 60_000 };
  await setting.startWorker({ times, tools: { ...setting.tools, clusters: onlyLab } });
  await setting.startWorker({ times });

  const ids = await Promise.all(Array.from({ length: 20 }, () => setting.submit({ cluster: 'barn' })));

  for (const id of ids) assert.equal((await setting.until(id, 'done', 20_000)).epoch, 1);
});

test('V-upg: what was cancelled before it began needs nobody who knows its job', async () => {
  await using setting = await openSetting(old);
  await setting.startWorker({ times: patient });
  const ids = [await setting.submit({ version: 2 }), await setting.submit({ version: 2, onFailure: 'keep' })];
  for (const id of ids) await waitsFor(setting, id, /"make", version 2/);

  for (const id of ids) await setting.runs.cancel(id, ana);

  for (const id of ids) {
    const run = await setting.until(id, 'cancelled');
    assert.equal(run.failure?.message, 'Ana cancelled it.');
  }
});

test('V-upg: two hundred runs that nobody can carry out keep no other from being found', async () => {
  await using setting = await openSetting(old);
  const ids = await Promise.all(Array.from({ length: 200 }, () => setting.submit({ version: 2 })));
  await setting.startWorker({ times: { ...patient, left: 5_000 } });
  for (const id of ids) await waitsFor(setting, id, /version 2/);

  const id = await setting.submit();
  // Its bell is lost: only the sweep can find it.
  await setting.redis.del(...(await setting.redis.keys(`${makeKeys(setting.prefix).bull}:*`)));

  await setting.until(id, 'done');
});
