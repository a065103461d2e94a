import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { jobsOf, make } from './test-jobs.ts';
import { openSetting } from './test-setting.ts';

test('a worker that shuts down hands its run to another one within a second', async () => {
  await using setting = await openSetting(jobsOf(make));
  const begun = Promise.withResolvers<void>();
  setting.far.after.set('make b', async (signal, attempt) => {
    begun.resolve();
    if (attempt === 1) await sleep(60_000, undefined, { signal });
  });
  // Only the doorbell can be so quick here: leases and sweeps are slow.
  const times = { lease: 60_000, renew: 20_000, sweep: 60_000 };
  const leaving = await setting.startWorker({ times });
  const id = await setting.submit();
  await begun.promise;
  await setting.startWorker({ times });
  const since = performance.now();

  await leaving.drain();
  const drainedMs = performance.now() - since;
  const run = await setting.until(id, 'done');

  assert.ok(drainedMs < 1000, `drained after ${drainedMs} ms`);
  assert.ok(performance.now() - since < 1000);
  assert.equal(run.epoch, 2);
  assert.deepEqual(setting.far.effects, ['make a', 'make b', 'find b', 'make c']);
});

test('a step that pays no heed cannot keep a worker from ending', async () => {
  await using setting = await openSetting(jobsOf(make));
  const begun = Promise.withResolvers<void>();
  setting.far.before.set('make b', () => {
    begun.resolve();
    return new Promise(() => undefined);
  });
  const worker = await setting.startWorker({ times: { grace: 60_000 } });
  await setting.submit();
  await begun.promise;
  const since = performance.now();

  await worker.drain(100);

  assert.ok(performance.now() - since < 500);
});

test('taking back is handed over too', async () => {
  await using setting = await openSetting(jobsOf(make));
  const begun = Promise.withResolvers<void>();
  setting.far.before.set('make c', () => {
    throw new Error('a bug');
  });
  setting.far.before.set('remove b', async (signal) => {
    if (setting.far.things.has('b') && !begunOnce) {
      begunOnce = true;
      begun.resolve();
      await sleep(60_000, undefined, { signal });
    }
  });
  let begunOnce = false;
  const leaving = await setting.startWorker();
  const id = await setting.submit();
  await begun.promise;

  await leaving.drain();
  await setting.startWorker();
  const run = await setting.until(id, 'failed');

  assert.deepEqual(run.failure?.takenBack, ['removed c', 'removed b', 'removed a']);
});
