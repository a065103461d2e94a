import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from './engine.ts';
import { cleanUp, makeJanitor } from './janitor.ts';
import { makeKeys } from './keys.ts';
import { followRuns } from './outbox.ts';
import { permanent } from './test-far-side.ts';
import { jobsOf, make } from './test-jobs.ts';
import { ana, bob, openSetting, type Setting } from './test-setting.ts';

const janitorOf = ({ redis, prefix, tools }: Setting) => {
  const log = { warn: () => undefined, debug: () => undefined };
  return makeJanitor({ redis, keys: makeKeys(prefix), tools, log } as unknown as Engine);
};

test('three hundred runs that ended and are forgotten leave nothing in Redis that grows', async () => {
  await using setting = await openSetting(jobsOf(make));
  const { redis, prefix } = setting;
  const keys = makeKeys(prefix);
  setting.far.before.set('make c', () => {
    if (setting.far.effects.length % 5 === 0) throw permanent('no space left');
  });
  await setting.startWorker({ times: { remember: 300 } });

  const ids: string[] = [];
  for (let at = 0; at < 300; at++) {
    const more = at % 10 === 0 ? { onFailure: 'keep' as const } : {};
    ids.push(await setting.submit({ by: at % 2 === 0 ? ana : bob, ...more }));
    if (at % 7 === 0) await setting.runs.cancel(ids.at(-1) ?? '', bob);
  }
  await setting.untilTrue('all have ended', async () => (await redis.zcard(keys.open)) === 0, 40_000);
  for (const run of (await setting.runs.list({ state: 'kept', limit: 400 })).runs) {
    await setting.runs.rollBack(run.id, ana);
  }
  const runKeys = async () => (await redis.keys(`${prefix}:run:*`)).length;
  await setting.untilTrue('all are forgotten', async () => (await runKeys()) === 0, 40_000);
  const indexed = await redis.zcard(keys.index);
  const janitor = janitorOf(setting);
  await cleanUp(janitor);
  await cleanUp(janitor);

  const left: Record<string, number> = {};
  const names = (await redis.keys(`${prefix}:*`)).filter((name) => !name.startsWith(keys.bull));
  for (const name of names) {
    const type = await redis.type(name);
    // What has an end of its own does not grow, nor do streams that are cut to a length.
    if (type === 'stream' || (await redis.pttl(name)) > 0) continue;
    left[name.slice(prefix.length)] = await (type === 'zset' ? redis.zcard(name) : redis.hlen(name));
  }
  const bells = await redis.keys(`${keys.bull}:*:r-*`);
  assert.equal(indexed > 0, true);
  assert.deepEqual(left, {});
  assert.deepEqual(bells, []);
});

test('a run that is kept stays in the index for as long as it is kept', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.before.set('make c', () => {
    throw permanent('no space left');
  });
  await setting.startWorker({ times: { remember: 50 } });
  const id = await setting.submit({ onFailure: 'keep' });
  await setting.until(id, 'kept');

  await cleanUp(janitorOf(setting));

  assert.deepEqual(
    (await setting.runs.list({ by: 'ana', limit: 5 })).runs.map((run) => run.id),
    [id],
  );
  assert.equal((await setting.runs.counts()).kept, 1);
});

test('the consumer of a process that is gone is forgotten, and not before what it was given is somebody’s', async () => {
  await using setting = await openSetting(jobsOf(make));
  const { redis, url, prefix } = setting;
  const { outbox } = makeKeys(prefix);
  await redis.xgroup('CREATE', outbox, 'gateway', '0', 'MKSTREAM');
  await redis.xgroup('CREATECONSUMER', outbox, 'gateway', 'idle-and-gone');
  await setting.submit();
  await redis.xreadgroup('GROUP', 'gateway', 'gone', 'COUNT', 10, 'STREAMS', outbox, '>');
  const end = new AbortController();
  let handled = 0;
  const options = { url, prefix, group: 'gateway', consumer: 'here', signal: end.signal, abandonedMs: 50, goneMs: 300 };

  const following = followRuns(options, async (events) => {
    handled += events.length;
  });
  const consumers = async () =>
    ((await redis.xinfo('CONSUMERS', outbox, 'gateway')) as string[][]).map((flat) => flat[flat.indexOf('name') + 1]);
  await setting.untilTrue('the gone ones are forgotten', async () => (await consumers()).join() === 'here', 20_000);
  end.abort();
  await following;

  assert.equal(handled, 1);
});
