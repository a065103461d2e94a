import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeKeys } from './keys.ts';
import type { Step } from './step.ts';
import { farOf, job, jobsOf, make } from './test-jobs.ts';
import { openSetting } from './test-setting.ts';

/** Planned for one number and made with another one, as when somebody outside took it. */
const move: Step<null, null> = {
  name: 'move',
  label: () => 'Take another number',
  timeout: '10s',
  repeat: 'safe',
  async run(world) {
    await world.moveLock('vm:105', 'vm:106');
    await farOf(world).before.get('moved')?.(world.signal, 1);
    return null;
  },
};
const racing = job('race', [move], (run) => run.step(move, null));

test('after a VMID race the lock is on the new number, and the old one is free for others', async () => {
  await using setting = await openSetting(jobsOf(make, racing));
  const moved = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  setting.far.before.set('moved', async () => {
    moved.resolve();
    await over.promise;
  });
  await setting.startWorker();
  setting.far.plan = { things: [], locks: ['vm:105'] };
  const racer = await setting.submit({ job: 'race' });
  await moved.promise;

  const onOld = await setting.submit();
  await setting.until(onOld, 'done');
  setting.far.plan = { things: [], locks: ['vm:106'] };
  const onNew = await setting.submit();
  const waiting = await setting.until(onNew, 'waiting');
  over.resolve();
  await setting.until(racer, 'done');
  await setting.until(onNew, 'done');

  assert.equal(waiting.waitingFor, `vm:lab:106, which ${racer} is at work on`);
  assert.equal(await setting.redis.zcard(makeKeys(setting.prefix).places), 0);
});

test('the lock on the new number outlives the worker that took it', async () => {
  await using setting = await openSetting(jobsOf(make, racing));
  setting.far.plan = { things: [], locks: ['vm:105'] };
  const mortal = await setting.startMortal('after move/result');
  const racer = await setting.submit({ job: 'race' });
  await mortal.died;
  const held = await setting.redis.zrange(makeKeys(setting.prefix).places, '0', '-1');

  await setting.startWorker();
  await setting.until(racer, 'done');

  assert.deepEqual(held, [`held/lock:vm:lab:106/${racer}`]);
  assert.equal(await setting.redis.zcard(makeKeys(setting.prefix).places), 0);
});
