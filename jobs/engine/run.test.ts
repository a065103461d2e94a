import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passing, permanent, unknown, wrong } from './test-far-side.ts';
import { jobsOf, make } from './test-jobs.ts';
import { ana, openSetting } from './test-setting.ts';

test('a run is planned, carried out step by step, and settled', async () => {
  await using setting = await openSetting(jobsOf(make));
  await setting.startWorker();

  const id = await setting.submit();
  const run = await setting.until(id, 'done');

  assert.deepEqual(run.result, { made: ['a', 'b', 'c'] });
  assert.deepEqual(setting.far.effects, ['make a', 'make b', 'make c']);
  assert.equal(setting.far.claimed.size, 0);
  const steps = await setting.runs.steps(id);
  assert.deepEqual(
    steps.map(({ id: step, state, attempts }) => [step, state, attempts]),
    [
      ['make#a', 'done', 1],
      ['make#b', 'done', 1],
      ['make#c', 'done', 1],
    ],
  );
});

test('C-dup: the same request is one run, however often it is delivered', async () => {
  await using setting = await openSetting(jobsOf(make));
  const order = {
    key: 'web:1',
    job: 'make',
    version: 1,
    input: {},
    by: ana,
    origin: null,
    text: '/make',
    cluster: 'lab',
  };

  const answers = await Promise.all(
    Array.from({ length: 10 }, () => setting.runs.submit({ ...order, onFailure: 'undo' })),
  );

  assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
  assert.equal(answers.filter(({ duplicate }) => !duplicate).length, 1);
});

test('a plan that a person must put right is refused, and its claims are released', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.plan = wrong('There is no size "huge".');
  await setting.startWorker();

  const run = await setting.until(await setting.submit(), 'refused');

  assert.equal(run.failure?.message, 'There is no size "huge".');
  assert.equal(run.failure?.hint, '/help');
  assert.equal(setting.far.claimed.size, 0);
});

test('trouble that passes is waited out, with a note', async () => {
  await using setting = await openSetting(jobsOf(make));
  let times = 3;
  setting.far.before.set('make b', () => {
    times -= 1;
    if (times > 0) throw passing('busy');
  });
  await setting.startWorker();

  const id = await setting.submit();
  await setting.until(id, 'done');

  assert.deepEqual(setting.far.effects, ['make a', 'make b', 'make c']);
  const notes = (await setting.runs.log(id)).map(({ text }) => text);
  assert.equal(notes.filter((note) => note.startsWith('the far side: busy. Trying again in')).length, 2);
});

test('after a lost answer the step looks before it repeats', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.after.set('make b', () => {
    throw unknown('no answer');
  });
  await setting.startWorker();

  await setting.until(await setting.submit(), 'done');

  assert.deepEqual(setting.far.effects, ['make a', 'make b', 'find b', 'make c']);
});

test('a step that fails for good takes back what was made, the last first', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.before.set('make c', () => {
    throw permanent('no space left');
  });
  await setting.startWorker();

  const id = await setting.submit();
  const run = await setting.until(id, 'failed');

  assert.equal(run.failure?.step, 'Make c');
  assert.equal(run.failure?.system, 'the far side');
  assert.equal(run.failure?.message, 'no space left');
  assert.deepEqual(run.failure?.takenBack, ['removed c', 'removed b', 'removed a']);
  assert.equal(setting.far.things.size, 0);
  assert.equal(setting.far.claimed.size, 0);
  assert.ok((await setting.runs.steps(id)).every(({ state }) => state === 'undone'));
});

test('nobody is told that something was taken back where there was nothing', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.plan = { things: ['a', 'nothing'] };
  setting.far.before.set('make nothing', () => {
    throw permanent('no space left');
  });
  await setting.startWorker();

  const run = await setting.until(await setting.submit(), 'failed');

  assert.deepEqual(run.failure?.takenBack, ['removed a']);
});
