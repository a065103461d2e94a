import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RemoteError } from '#base/errors.ts';
import { startRedis } from '#test/redis.ts';
import { connectRedis } from './redis.ts';
import { openRuns } from './runs.ts';
import { jobsOf, make } from './test-jobs.ts';
import { ana, openSetting, shortLease } from './test-setting.ts';

test('an order while Redis is down is refused at once: nothing was started', async () => {
  const redis = connectRedis('redis://127.0.0.1:1', 'asking');
  const runs = openRuns({ redis, prefix: '{test}' });
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
  const since = performance.now();

  const refusal = await runs.submit({ ...order, onFailure: 'undo' }).catch((error: unknown) => error);
  redis.disconnect();

  assert.ok(refusal instanceof RemoteError);
  assert.equal(refusal.outcome, 'passing');
  assert.equal(refusal.message, 'It cannot be reached. Nothing was started.');
  assert.ok(performance.now() - since < 1000);
});

test('an order whose answer is lost is unknown, and asking again with the same key is safe', async () => {
  await using server = await startRedis();
  await using setting = await openSetting(jobsOf(make), server.url);
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
  await setting.redis.client('PAUSE', 60_000, 'ALL');

  const lost = await setting.runs.submit({ ...order, onFailure: 'undo' }).catch((error: unknown) => error);
  await server.kill();
  await server.restart();
  await setting.untilTrue('the connection is back', () => setting.redis.status === 'ready');
  const again = await setting.runs.submit({ ...order, onFailure: 'undo' });

  assert.ok(lost instanceof RemoteError);
  assert.equal(lost.outcome, 'unknown');
  assert.match(again.id, /^r-/);
});

test('R-long: when Redis is away for longer than the lease, healthy workers go on afterwards, and do nothing twice', async () => {
  await using server = await startRedis(['--appendfsync', 'always']);
  await using setting = await openSetting(jobsOf(make), server.url);
  const begun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  setting.far.after.set('make b', async () => {
    begun.resolve();
    await goOn.promise;
  });
  const times = shortLease;
  const workers = [await setting.startWorker({ times }), await setting.startWorker({ times })];
  const id = await setting.submit();
  await begun.promise;

  await server.kill();
  await setting.untilTrue('the lease is over', () => workers.every(({ speaksFor }) => speaksFor.length === 0));
  goOn.resolve();
  await server.restart();
  const run = await setting.until(id, 'done');

  assert.deepEqual(run.result, { made: ['a', 'b', 'c'] });
  assert.deepEqual(
    setting.far.effects.filter((effect) => effect.startsWith('make')),
    ['make a', 'make b', 'make c'],
  );
});

test('R-power: a worker whose last writes Redis has lost looks again at what is left, and does nothing twice', async () => {
  await using setting = await openSetting(jobsOf(make));
  const begun = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<void>();
  setting.far.after.set('make b', () => {
    begun.resolve();
    return lost.promise;
  });
  await setting.startWorker();
  const id = await setting.submit();
  await begun.promise;

  const run = `${setting.prefix}:run:${id}`;
  await setting.redis.hincrby(run, 'seq', -1);
  const fields = await setting.redis.hkeys(`${run}:steps`);
  await setting.redis.hdel(`${run}:steps`, ...fields.filter((field) => field.endsWith(':make#b')));
  lost.resolve();
  await setting.until(id, 'done');

  assert.deepEqual(
    (await setting.runs.steps(id)).map((step) => step.id),
    ['make#a', 'make#b', 'make#c'],
  );
});

test('a short outage is waited out without losing the lease', async () => {
  await using server = await startRedis(['--appendfsync', 'always']);
  await using setting = await openSetting(jobsOf(make), server.url);
  await setting.startWorker({ times: { lease: 5_000, renew: 500 } });
  let killed: Promise<void> | undefined;
  setting.far.after.set('make b', () => {
    killed ??= server.kill().then(() => server.restart());
  });

  const run = await setting.until(await setting.submit(), 'done');
  await killed;

  assert.equal(run.epoch, 1);
  assert.deepEqual(setting.far.effects, ['make a', 'make b', 'make c']);
});

test('a worker starts while Redis is away, works when it comes, and ends quickly when it is gone', async () => {
  await using server = await startRedis();
  await server.kill();
  await using setting = await openSetting(jobsOf(make), server.url);
  const worker = await setting.startWorker();
  await server.restart();
  await setting.untilTrue('the connection is back', () => setting.redis.status === 'ready');
  await setting.until(await setting.submit(), 'done');
  await server.kill();
  const since = performance.now();

  await worker.drain(2000);

  assert.ok(performance.now() - since < 2500);
});

test('R-power: a worker that only waits notices too that Redis has lost its last writes', async () => {
  await using setting = await openSetting(jobsOf(make));
  const begun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  setting.far.after.set('make b', () => {
    begun.resolve();
    return goOn.promise;
  });
  const worker = await setting.startWorker({ times: shortLease });
  const id = await setting.submit();
  await begun.promise;

  await setting.redis.hincrby(`${setting.prefix}:run:${id}`, 'seq', -1);
  await setting.untilTrue('it speaks for the run no more', () => worker.speaksFor.length === 0);
  goOn.resolve();

  await setting.until(id, 'done');
});

test('a worker whose connections were cut hears of cancels again', async () => {
  await using server = await startRedis();
  await using setting = await openSetting(jobsOf(make), server.url);
  await setting.startWorker();
  const listener = async () =>
    /^id=(\d+)/.exec(String(await setting.redis.call('CLIENT', 'LIST', 'TYPE', 'pubsub')))?.[1];
  await setting.untilTrue('it listens', async () => (await listener()) !== undefined);
  const cut = await listener();

  await setting.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');

  await setting.untilTrue('it listens again', async () => ![cut, undefined].includes(await listener()));
});
