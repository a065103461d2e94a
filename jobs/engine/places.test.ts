import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Step } from './step.ts';
import { wrong } from './test-far-side.ts';
import { job, jobsOf, make, makeThing } from './test-jobs.ts';
import { ana, bob, openSetting, type Setting } from './test-setting.ts';

/** A step that may be at work in two runs at a time, and measures how many there are. */
function slotted(limit: number) {
  const meter = { now: 0, most: 0, order: [] as string[] };
  const work: Step<{ ms: number }, null> = {
    name: 'work',
    label: () => 'Work',
    timeout: '5s',
    repeat: 'safe',
    slot: () => ({ name: 'clone:lab:pve1/local lvm', limit }),
    async run(world, { ms }) {
      meter.now += 1;
      meter.most = Math.max(meter.most, meter.now);
      meter.order.push(world.runId);
      try {
        await sleep(ms, undefined, { signal: world.signal });
      } finally {
        meter.now -= 1;
      }
      return null;
    },
  };
  return { meter, job: job('make', [work], (run) => run.step(work, { ms: 15 })) };
}

const placesOf = (setting: Setting) => setting.redis.zrange(`${setting.prefix}:places`, '0', '-1');

test('runs that share a lock take turns, first come first served', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.plan = { things: ['a'], locks: ['vm:105', 'vm:106'] };
  const held = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  setting.far.before.set('make a', () => {
    begun.resolve();
    return held.promise;
  });
  await setting.startWorker();
  const ids = [await setting.submit()];
  await begun.promise;
  for (let i = 0; i < 3; i++) {
    const id = await setting.submit();
    await setting.until(id, 'waiting');
    ids.push(id);
  }
  const waiting = await setting.runs.read(ids[1] ?? '');

  held.resolve();
  const ended = await Promise.all(ids.map((id) => setting.until(id, 'done')));

  assert.match(waiting?.waitingFor ?? '', new RegExp(`^vm:lab:105, which ${ids[0]} is at work on$`));
  const starts = ended.map(({ startedAt = 0 }) => startedAt);
  assert.deepEqual(
    starts,
    starts.toSorted((a, b) => a - b),
  );
  assert.deepEqual(await placesOf(setting), []);
});

test('the same lock in two clusters is two locks', async () => {
  await using setting = await openSetting(jobsOf(make));
  const { go } = await behindAnother(setting);

  setting.far.plan = { things: ['c'], locks: ['vm:105'] };
  const elsewhere = await setting.submit({ cluster: 'barn' });
  const ended = await setting.until(elsewhere, 'done', 1000);
  go();

  assert.equal(ended.cluster, 'barn');
});

/** One run holds the lock `vm:105` until `go`, and a second one, `order` by order, waits for it. */
async function behindAnother(setting: Setting, order: Parameters<Setting['submit']>[0] = {}) {
  setting.far.plan = { things: ['a'], locks: ['vm:105'] };
  const held = Promise.withResolvers<void>();
  setting.far.before.set('make a', () => held.promise);
  await setting.startWorker();
  const first = await setting.submit();
  await setting.until(first, 'running');
  setting.far.plan = { things: ['b'], locks: ['vm:105'] };
  const second = await setting.submit(order);
  if (order.approval) {
    await setting.until(second, 'asking');
    await setting.runs.vote({ run: second, by: bob, yes: true, revision: 1, delivery: 'web:1' });
  }
  await setting.until(second, 'waiting');
  return { second, go: held.resolve };
}

test('a run that waited for a lock plans again: what was true before the other one may not be now', async () => {
  await using setting = await openSetting(jobsOf(make));
  const { second, go } = await behindAnother(setting);

  setting.far.plan = { things: ['c'], locks: ['vm:106'] };
  go();
  const run = await setting.until(second, 'done');

  assert.deepEqual(setting.far.effects, ['make a', 'make c']);
  assert.deepEqual(run.plan, { things: ['c'], locks: ['vm:106'] });
  assert.deepEqual(await placesOf(setting), []);
});

test('what cannot be done any more after waiting for a lock is refused, and nothing is held', async () => {
  await using setting = await openSetting(jobsOf(make));
  const { second, go } = await behindAnother(setting);

  setting.far.plan = wrong('It is there already.');
  go();
  const run = await setting.until(second, 'refused');

  assert.equal(run.failure?.message, 'It is there already.');
  assert.deepEqual(setting.far.effects, ['make a']);
  assert.deepEqual(await placesOf(setting), []);
});

test('an approved plan that changed while it waited for a lock is put to people again, and the lock is free', async () => {
  await using setting = await openSetting(jobsOf(make));
  const approval = { need: 1, groups: ['ops'], selfOk: false, expiresMs: 60_000 };
  const { second, go } = await behindAnother(setting, { approval });

  setting.far.plan = { things: ['c'], locks: ['vm:105'] };
  go();
  const run = await setting.until(second, 'asking');

  assert.equal(run.ask?.revision, 2);
  assert.deepEqual(setting.far.effects, ['make a']);
  assert.deepEqual(await placesOf(setting), []);
});

test('never more runs than allowed are in a slot, and all of them get their turn', async () => {
  const { meter, job: work } = slotted(2);
  await using setting = await openSetting(jobsOf(work));
  await setting.startWorker();
  await setting.startWorker();

  const ids = await Promise.all(Array.from({ length: 16 }, () => setting.submit()));
  await Promise.all(ids.map((id) => setting.until(id, 'done')));

  assert.equal(meter.most, 2);
  assert.equal(meter.order.length, 16);
  assert.deepEqual(await placesOf(setting), []);
});

test('a run that waits for a slot says so, and gives up its turn when it is cancelled', async () => {
  const { job: work } = slotted(1);
  await using setting = await openSetting(jobsOf(work));
  await setting.redis.zadd(`${setting.prefix}:places`, 0, 'held/slot:clone:lab:pve1%2Flocal%20lvm/r-other');
  await setting.redis.zadd(`${setting.prefix}:open`, Date.now() + 60_000, 'r-other');
  await setting.startWorker();
  const first = await setting.submit();
  await setting.until(first, 'waiting');
  const second = await setting.submit();
  const run = await setting.until(second, 'waiting');

  await setting.runs.cancel(first, ana);
  await setting.until(first, 'cancelled');

  assert.equal(run.waitingFor, 'a place for clone:lab:pve1/local lvm (position 2)');
  assert.equal((await placesOf(setting)).filter((place) => place.endsWith(first)).length, 0);
});

test('a dead worker loses no slot: its run keeps it, and gives it up when it is done', async () => {
  const { meter, job: work } = slotted(1);
  await using setting = await openSetting(jobsOf(work));
  const mortal = await setting.startMortal('after work/slot');
  const first = await setting.submit();
  await mortal.died;
  const held = await placesOf(setting);
  await setting.startWorker();
  const second = await setting.submit();

  await setting.until(second, 'done');

  assert.deepEqual(held, [`held/slot:clone:lab:pve1%2Flocal%20lvm/${first}`]);
  assert.deepEqual(meter.order, [first, second]);
});

test('the janitor frees what an ended run still holds, and lets the next one in', async () => {
  const { job: work } = slotted(1);
  await using setting = await openSetting(jobsOf(work));
  await setting.redis.zadd(`${setting.prefix}:places`, 0, 'held/slot:clone:lab:pve1%2Flocal%20lvm/r-gone');
  await setting.startWorker({ times: { sweep: 5 } });
  const id = await setting.submit();

  await setting.until(id, 'done');

  assert.deepEqual(await placesOf(setting), []);
});

test('the janitor frees what an ended or forgotten run still claims, and nothing else', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.before.set('make b', () => new Promise(() => undefined));
  await setting.startWorker({ times: { sweep: 5, grace: 1 } });
  const ended = await setting.submit();
  await setting.untilTrue('it is under way', () => setting.far.effects.includes('make a'));
  await setting.runs.cancel(ended, ana);
  await setting.until(ended, 'cancelled');
  const open = await setting.submit();
  await setting.untilTrue('it is under way', () => setting.far.count('make a') === 2);

  for (const run of ['r-forgotten', ended, open]) setting.far.claimed.add(run);
  await setting.untilTrue('the janitor came', () => setting.far.claimed.size === 1);

  assert.deepEqual([...setting.far.claimed], [open]);
});

test('parallel steps of one run go on while another one waits for its turn', async () => {
  const { meter, job: other } = slotted(1);
  const [work] = other.steps;
  if (!work) throw new Error('no step');
  const both = job('both', [work, makeThing], async (run) => {
    const make = async () => {
      for (const thing of ['a', 'b']) await run.step(makeThing, { thing }, thing);
    };
    await Promise.all([run.step(work, { ms: 5 }), make()]);
    return null;
  });
  await using setting = await openSetting(jobsOf(both));
  await setting.redis.zadd(`${setting.prefix}:places`, 0, 'held/slot:clone:lab:pve1%2Flocal%20lvm/r-other');
  await setting.redis.zadd(`${setting.prefix}:open`, Date.now() + 60_000, 'r-other');
  await setting.startWorker();
  const id = await setting.submit({ job: 'both' });
  await setting.until(id, 'waiting');
  const before = [...setting.far.effects];

  await setting.redis.del(`${setting.prefix}:places`);
  await setting.redis.zadd(`${setting.prefix}:open`, 0, id);
  await setting.until(id, 'done');

  assert.deepEqual(before, ['make a', 'make b']);
  assert.deepEqual(meter.order, [id]);
});
