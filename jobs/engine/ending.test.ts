import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Step } from './step.ts';
import { passing, permanent } from './test-far-side.ts';
import { farOf, job, jobsOf, make } from './test-jobs.ts';
import { ana, bob, openSetting } from './test-setting.ts';

const forEver = (signal: AbortSignal) => sleep(60_000, undefined, { signal });
const fails = () => {
  throw permanent('no space left');
};

test('a cancel stops the step under way at once and takes back what was made', async () => {
  await using setting = await openSetting(jobsOf(make));
  const begun = Promise.withResolvers<void>();
  setting.far.before.set('make b', (signal) => {
    begun.resolve();
    return forEver(signal);
  });
  // Without the hint the worker would only hear of it a minute later.
  await setting.startWorker({ times: { renew: 60_000, lease: 200_000 } });
  const id = await setting.submit();
  await begun.promise;

  const answer = await setting.runs.cancel(id, bob);
  const run = await setting.until(id, 'cancelled', 1000);

  assert.equal(answer, 'ok');
  assert.equal(run.failure?.message, 'Bob cancelled it.');
  assert.deepEqual(run.failure?.takenBack, ['removed b', 'removed a']);
  assert.equal(setting.far.claimed.size, 0);
});

test('a run that nobody has begun is cancelled without doing anything', async () => {
  await using setting = await openSetting(jobsOf(make));
  const id = await setting.submit();

  await setting.runs.cancel(id, ana);
  await setting.startWorker();
  await setting.until(id, 'cancelled');

  assert.deepEqual(setting.far.effects, []);
});

test('a cancel while planning stops the planning', async () => {
  await using setting = await openSetting(jobsOf(make));
  const begun = Promise.withResolvers<void>();
  setting.far.before.set('plan', (signal) => {
    begun.resolve();
    return forEver(signal);
  });
  await setting.startWorker();
  const id = await setting.submit();
  await begun.promise;

  await setting.runs.cancel(id, ana);

  await setting.until(id, 'cancelled', 1000);
});

test('a cancel while it waits for its next try is heard at once', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.before.set('make b', () => {
    throw passing('busy');
  });
  await setting.startWorker({ times: { firstPause: 5_000, longestPause: 60_000, inProcess: -1 } });
  const id = await setting.submit();
  await setting.until(id, 'waiting');

  await setting.runs.cancel(id, ana);
  await setting.until(id, 'cancelled', 1000);

  assert.equal(setting.far.things.size, 0);
});

test('a second cancel, and one after the end, are told so', async () => {
  await using setting = await openSetting(jobsOf(make));
  const id = await setting.submit();

  const first = await setting.runs.cancel(id, ana);
  const second = await setting.runs.cancel(id, bob);
  await setting.startWorker();
  await setting.until(id, 'cancelled');
  const third = await setting.runs.cancel(id, bob);
  const nowhere = await setting.runs.cancel('r-nowhere', bob);

  assert.equal(first, 'ok');
  assert.equal(second, `The job ${id} is being stopped already.`);
  assert.equal(third, `The job ${id} has ended already.`);
  assert.equal(nowhere, 'There is no job r-nowhere (any more).');
});

test('what a failed run made is kept when that was asked for, and a retry goes on from the failed step', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.before.set('make c', fails);
  await setting.startWorker();
  const id = await setting.submit({ onFailure: 'keep' });
  await setting.until(id, 'kept');
  const before = [...setting.far.things.keys()];
  setting.far.before.delete('make c');

  const answer = await setting.runs.retry(id, bob);
  await setting.until(id, 'done');

  assert.equal(answer, 'ok');
  assert.deepEqual(before, ['a', 'b']);
  assert.deepEqual(setting.far.effects, ['make a', 'make b', 'find c', 'make c']);
});

test('a kept run can be rolled back', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.before.set('make c', fails);
  await setting.startWorker();
  const id = await setting.submit({ onFailure: 'keep' });
  await setting.until(id, 'kept');

  await setting.runs.rollBack(id, bob);
  const run = await setting.until(id, 'failed');

  assert.equal(setting.far.things.size, 0);
  assert.equal(run.failure?.message, 'no space left');
  assert.equal(setting.far.claimed.size, 0);
});

test('a run that was taken back begins anew when it is retried', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.before.set('make b', fails);
  await setting.startWorker();
  const id = await setting.submit();
  await setting.until(id, 'failed');
  setting.far.before.delete('make b');
  setting.far.plan = { things: ['b', 'a'] };

  await setting.runs.retry(id, ana);
  const run = await setting.until(id, 'done');

  assert.deepEqual(run.result, { made: ['b', 'a'] });
  assert.deepEqual(
    (await setting.runs.steps(id)).map((step) => step.id),
    ['make#b', 'make#a'],
  );
  assert.equal(run.failure, undefined);
});

test('taking back is tried again when trouble passes', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.before.set('make c', fails);
  let times = 3;
  setting.far.before.set('remove b', () => {
    times -= 1;
    if (times > 0) throw passing('busy');
  });
  await setting.startWorker();

  const run = await setting.until(await setting.submit(), 'failed');

  assert.deepEqual(run.failure?.takenBack, ['removed c', 'removed b', 'removed a']);
});

test('what cannot be taken back is left to a person, who is told what is there; a retry takes back the rest', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.before.set('make c', fails);
  setting.far.before.set('remove b', () => {
    throw passing('busy');
  });
  await setting.startWorker();
  const id = await setting.submit();
  const stuck = await setting.until(id, 'stuck');
  setting.far.before.delete('remove b');

  await setting.runs.retry(id, bob);
  const run = await setting.until(id, 'failed');

  assert.deepEqual(stuck.failure?.takenBack, ['removed c']);
  assert.deepEqual(stuck.failure?.leftOver, [
    '"Make b" could not be taken back: the far side: busy.',
    '"Make a" was not taken back yet.',
  ]);
  assert.deepEqual(run.failure?.takenBack, ['removed c', 'removed b', 'removed a']);
  assert.deepEqual(run.failure?.leftOver, []);
  assert.equal(setting.far.things.size, 0);
});

test('V-upg: a run whose job nobody knows in that version waits for a person', async () => {
  await using setting = await openSetting(jobsOf(make));
  await setting.startWorker();

  const strange = await setting.until(await setting.submit({ job: 'brew coffee' }), 'stuck');
  const old = await setting.until(await setting.submit({ version: 0 }), 'stuck');

  assert.equal(strange.failure?.message, 'No worker knows the job "brew coffee".');
  assert.match(old.failure?.message ?? '', /begun by version 0, and the workers have version 1/);
});

test('X-cancel: a cancel in the last moment is honoured; after that it is too late', async () => {
  await using setting = await openSetting(jobsOf(make));
  const answers: string[] = [];
  const early = Promise.withResolvers<string>();
  let late: Promise<string> | undefined;
  const cancel = async (id: Promise<string>) => answers.push(await setting.runs.cancel(await id, ana));
  await setting.startWorker({
    onSite: async (site) => {
      if (site === 'before run/result' && answers.length === 0) await cancel(early.promise);
      if (site === 'after run/result' && late) await cancel(late);
    },
  });
  early.resolve(await setting.submit());
  await setting.until(await early.promise, 'cancelled');
  const left = setting.far.things.size;
  late = setting.submit();

  await setting.until(await late, 'done');

  assert.equal(left, 0);
  assert.deepEqual(answers, ['ok', `The job ${await late} has ended already.`]);
});

test('a step that was interrupted long ago has all its time again after a retry', async () => {
  const timeout = 300;
  const step: Step<null, null> = {
    name: 'wait',
    label: () => 'Wait',
    timeout: `${timeout}ms`,
    repeat: 'safe',
    async run(world) {
      const far = farOf(world);
      far.effects.push('wait');
      if (far.count('wait') === 1) await forEver(world.signal);
      if (far.count('wait') === 2) throw passing('busy');
      return null;
    },
  };
  const waiting = job('make', [step], (run) => run.step(step, null));
  await using setting = await openSetting(jobsOf(waiting));
  await setting.startWorker();
  const id = await setting.submit({ onFailure: 'keep' });
  await setting.untilTrue('it waits', () => setting.far.effects.length > 0);
  await setting.runs.cancel(id, ana);
  const { endedAt = 0 } = await setting.until(id, 'kept');
  await setting.untilTrue('its time is long over', () => Date.now() > endedAt + timeout);

  await setting.runs.retry(id, ana);

  await setting.until(id, 'done');
});
