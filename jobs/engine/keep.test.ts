import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passing, permanent } from './test-far-side.ts';
import { jobsOf, make } from './test-jobs.ts';
import { ana, bob, openSetting } from './test-setting.ts';

const fails = () => {
  throw permanent('no space left');
};

test('what is asked to be kept while a step is under way is kept when that step fails', async () => {
  await using setting = await openSetting(jobsOf(make));
  const begun = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  setting.far.before.set('make b', async () => {
    begun.resolve();
    await asked.promise;
    fails();
  });
  await setting.startWorker();
  const id = await setting.submit();
  await begun.promise;

  const answer = await setting.runs.keep(id, ana);
  asked.resolve();
  const run = await setting.until(id, 'kept');

  assert.equal(answer, 'ok');
  assert.deepEqual([...setting.far.things.keys()], ['a']);
  assert.equal(run.failure?.message, 'no space left');
});

/** Ana presses "keep" at this site, while a step fails. */
async function keepAt(site: string, end: 'kept' | 'failed') {
  await using setting = await openSetting(jobsOf(make));
  const submitted = Promise.withResolvers<string>();
  const answered = Promise.withResolvers<string>();
  setting.far.before.set('make b', fails);
  await setting.startWorker({
    onSite: async (now) => {
      if (now === site) answered.resolve(setting.runs.keep(await submitted.promise, ana));
      if (now === site) await answered.promise;
    },
  });
  submitted.resolve(setting.submit());
  const id = await submitted.promise;
  await setting.until(id, end);
  return { answer: (await answered.promise).replace(id, 'ID'), things: [...setting.far.things.keys()] };
}

test('a run can be kept up to the moment in which its end is written', async () => {
  const { answer, things } = await keepAt('before run/undoing', 'kept');

  assert.deepEqual([answer, things], ['ok', ['a']]);
});

test('who wants to keep a run that goes backwards already is told that it is too late', async () => {
  const { answer, things } = await keepAt('after run/undoing', 'failed');

  assert.deepEqual([answer, things], ['The job ID has nothing that could be kept.', []]);
});

test('a parked run that shall keep what it made is kept when it is cancelled, as one that is under way', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.before.set('make b', () => {
    throw passing('busy');
  });
  await setting.startWorker({ times: { firstPause: 5_000, longestPause: 60_000, inProcess: -1 } });
  const id = await setting.submit({ onFailure: 'keep' });
  await setting.until(id, 'waiting');

  const answer = await setting.runs.cancel(id, bob);
  const run = await setting.until(id, 'kept', 1000);

  assert.equal(answer, 'ok');
  assert.deepEqual([...setting.far.things.keys()], ['a']);
  assert.equal(run.failure?.message, 'Bob cancelled it.');
  assert.equal(run.waitingFor, undefined);
  assert.deepEqual(await setting.redis.zrange(`${setting.prefix}:places`, '0', '-1'), []);
});

test('a cancelled run that shall keep what it made, and made nothing, is just cancelled', async () => {
  await using setting = await openSetting(jobsOf(make));
  const id = await setting.submit({ onFailure: 'keep' });

  await setting.runs.cancel(id, bob);
  await setting.startWorker();
  await setting.until(id, 'cancelled');

  assert.deepEqual(setting.far.effects, []);
});
