import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Step } from './step.ts';
import { passing, wrong } from './test-far-side.ts';
import { job, jobsOf, make, makeThing } from './test-jobs.ts';
import { openSetting } from './test-setting.ts';

function oneStep(step: Partial<Step<null, null>>) {
  const whole: Step<null, null> = {
    name: 'wait',
    label: () => 'Wait for the guest agent',
    timeout: '100ms',
    repeat: 'safe',
    run: async () => null,
    ...(step as object),
  };
  return job('make', [whole], (run) => run.step(whole, null));
}

test('a step that takes too long fails, and says how long it was tried', async () => {
  const slow = oneStep({ run: (world) => sleep(60_000, null, { signal: world.signal }) });
  await using setting = await openSetting(jobsOf(slow));
  await setting.startWorker();

  const run = await setting.until(await setting.submit(), 'failed');

  assert.equal(run.failure?.step, 'Wait for the guest agent');
  assert.equal(run.failure?.message, '"Wait for the guest agent" was not done within 0.1 s.');
});

test('a step whose trouble never passes fails with the last of it', async () => {
  const busy = oneStep({
    run: async () => {
      throw passing('the VM is locked (backup)');
    },
  });
  await using setting = await openSetting(jobsOf(busy));
  await setting.startWorker();

  const run = await setting.until(await setting.submit(), 'failed');

  const last = 'The last trouble was: the far side: the VM is locked (backup).';
  assert.equal(run.failure?.message, `"Wait for the guest agent" was not done within 0.1 s. ${last}`);
});

test('a step may say better than the engine why its time ran out', async () => {
  const telling = oneStep({
    run: (world) =>
      sleep(60_000, null, { signal: world.signal }).catch(() => {
        throw wrong('The guest agent is not installed.');
      }),
  });
  await using setting = await openSetting(jobsOf(telling));
  await setting.startWorker();

  const run = await setting.until(await setting.submit(), 'failed');

  assert.equal(run.failure?.message, 'The guest agent is not installed.');
});

test('a step that pays no heed to its signal is left behind', async () => {
  const deaf = oneStep({ run: () => new Promise(() => undefined) });
  await using setting = await openSetting(jobsOf(deaf));
  await setting.startWorker();

  await setting.until(await setting.submit(), 'failed', 2000);
});

test('long pauses free the worker, and the run goes on by itself', async () => {
  await using setting = await openSetting(jobsOf(make));
  let times = 3;
  setting.far.before.set('make b', () => {
    times -= 1;
    if (times > 0) throw passing('busy');
  });
  const worker = await setting.startWorker({ times: { firstPause: 60, inProcess: -1 } });
  const id = await setting.submit();
  const run = await setting.until(id, 'waiting');
  await setting.untilTrue('the worker is free', () => worker.busy === 0);

  await setting.until(id, 'done');

  assert.equal(run.waitingFor, 'the far side (busy)');
  assert.deepEqual(
    setting.far.effects.filter((effect) => effect !== 'find b'),
    ['make a', 'make b', 'make c'],
  );
});

test('a step that the job does not list, or uses twice, is a mistake that is taken back', async () => {
  const unlisted = job('unlisted', [], (run) => run.step(makeThing, { thing: 'a' }));
  const twice = job('twice', [makeThing], async (run) => {
    await run.step(makeThing, { thing: 'a' });
    return run.step(makeThing, { thing: 'b' });
  });
  await using setting = await openSetting(jobsOf(unlisted, twice));
  await setting.startWorker();

  const first = await setting.until(await setting.submit({ job: 'unlisted' }), 'failed');
  const second = await setting.until(await setting.submit({ job: 'twice' }), 'failed');

  assert.match(first.failure?.message ?? '', /mistake in Botswain.*does not list it/);
  assert.match(second.failure?.message ?? '', /is used twice in one run; give each use a key/);
  assert.deepEqual(second.failure?.takenBack, ['removed a']);
});

test('what a job throws outside of its steps is taken back too', async () => {
  const broken = job('make', [makeThing], async (run) => {
    await run.step(makeThing, { thing: 'a' });
    throw new TypeError('x is not a function');
  });
  await using setting = await openSetting(jobsOf(broken));
  await setting.startWorker();

  const run = await setting.until(await setting.submit(), 'failed');

  assert.equal(run.failure?.message, 'This is a mistake in Botswain itself: x is not a function');
  assert.equal(setting.far.things.size, 0);
});

test('notes and log lines are in the thread, in order and with their step', async () => {
  const chatty = oneStep({
    run: async (world) => {
      world.note('Waiting for the agent.');
      world.log('systemd[1]: started');
      return null;
    },
  });
  await using setting = await openSetting(jobsOf(chatty));
  await setting.startWorker();
  const id = await setting.submit();
  await setting.until(id, 'done');

  const lines = await setting.runs.log(id);
  const later = await setting.runs.log(id, lines[0]?.id);

  assert.deepEqual(
    lines.map(({ kind, step, text }) => [kind, step, text]),
    [
      ['note', 'wait', 'Waiting for the agent.'],
      ['log', 'wait', 'systemd[1]: started'],
    ],
  );
  assert.equal(later.length, 1);
});
