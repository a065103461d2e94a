import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { startRedis } from '#test/redis.ts';
import { canonical, hashOf } from './canonical.ts';
import { followRuns, type RunEvent } from './outbox.ts';
import { preflight } from './preflight.ts';
import { connectRedis } from './redis.ts';
import { jobsOf, make } from './test-jobs.ts';
import { ana, bob, openSetting, type Setting } from './test-setting.ts';

test('runs are listed newest first, page by page, of one state or of one person', async () => {
  await using setting = await openSetting(jobsOf(make));
  const ids: string[] = [];
  for (let i = 0; i < 7; i++) ids.push(await setting.submit(i % 2 ? { by: bob } : {}));
  const [first = ''] = ids;
  await setting.runs.cancel(first, bob);

  const one = await setting.runs.list({ limit: 4 });
  const two = await setting.runs.list({ limit: 4, ...(one.cursor ? { cursor: one.cursor } : {}) });
  const bobs = await setting.runs.list({ limit: 10, by: 'bob' });
  const planning = await setting.runs.list({ limit: 10, state: 'planning' });
  const counts = await setting.runs.counts();

  const inOrder = await newestFirst(setting, ids);
  assert.deepEqual(
    [...one.runs, ...two.runs].map(({ id }) => id),
    inOrder,
  );
  assert.equal(two.cursor, undefined);
  assert.deepEqual(new Set(bobs.runs.map(({ by }) => by.name)), new Set(['Bob']));
  assert.equal(bobs.runs.length, 3);
  assert.equal(planning.runs.length, 6);
  assert.equal(counts.planning, 6);
  assert.equal(counts.undoing, 1);
});

test('runs of one person in one state are counted, and each is on one page', async () => {
  await using setting = await openSetting(jobsOf(make));
  const ids: string[] = [];
  for (let i = 0; i < 6; i++) ids.push(await setting.submit(i < 2 ? { by: ana } : { by: bob }));
  const [anas = '', , cancelled = ''] = ids;
  for (const id of [anas, cancelled]) await setting.runs.cancel(id, bob);
  const wanted = { by: 'bob', state: 'planning', limit: 2 } as const;

  const one = await setting.runs.list(wanted);
  const two = await setting.runs.list({ ...wanted, ...(one.cursor ? { cursor: one.cursor } : {}) });

  const inOrder = await newestFirst(setting, ids.slice(3));
  assert.deepEqual(
    [...one.runs, ...two.runs].map(({ id }) => id),
    inOrder,
  );
  assert.deepEqual([one.total, two.total, one.runs.length, two.cursor], [3, 3, 2, undefined]);
});

test('a last page that is full has no next one', async () => {
  await using setting = await openSetting(jobsOf(make));
  for (let i = 0; i < 4; i++) await setting.submit();

  for (const wanted of [{}, { by: 'ana' }, { state: 'planning' }, { by: 'ana', state: 'planning' }] as const) {
    const one = await setting.runs.list({ ...wanted, limit: 2 });
    const two = await setting.runs.list({ ...wanted, limit: 2, ...(one.cursor ? { cursor: one.cursor } : {}) });
    const all = await setting.runs.list({ ...wanted, limit: 4 });

    assert.deepEqual([two.runs.length, two.cursor, all.runs.length, all.cursor], [2, undefined, 4, undefined]);
  }
});

test('a run that is not remembered any more disappears from the list', async () => {
  await using setting = await openSetting(jobsOf(make));
  const gone = await setting.submit();
  const here = await setting.submit();
  await setting.redis.del(`${setting.prefix}:run:${gone}`);

  const { runs } = await setting.runs.list({ limit: 10 });

  assert.deepEqual(
    runs.map(({ id }) => id),
    [here],
  );
});

test('followers get every event once and in order, also those from before they came, and again when they fail', async () => {
  await using setting = await openSetting(jobsOf(make));
  await setting.startWorker();
  const id = await setting.submit();
  await setting.until(id, 'done');
  const stopping = new AbortController();
  const seen: RunEvent[] = [];
  let failures = 1;

  const options = { url: setting.url, prefix: setting.prefix, group: 'gateway', consumer: 'one' };
  const following = followRuns({ ...options, signal: stopping.signal }, async (events) => {
    failures -= 1;
    if (failures >= 0) throw new Error('the chat is down');
    seen.push(...events);
  });
  const second = await setting.submit();
  await setting.until(second, 'done');
  await setting.untilTrue('both are told', () => seen.filter(({ kind }) => kind === 'finished').length === 2, 4000);
  stopping.abort();
  await following;

  const kinds = seen.filter(({ runId }) => runId === id).map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(0, 4), ['submitted', 'planned', 'running', 'step started']);
  assert.equal(kinds.at(-1), 'finished');
  assert.equal(new Set(seen.map((event) => event.id)).size, seen.length);
});

test('R-cfg: a Redis that would lose runs is complained about, setting by setting', async () => {
  await using bad = await startRedis(['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru']);
  await using lax = await startRedis(['--appendfsync', 'no']);
  await using usual = await startRedis();
  await using good = await startRedis(['--appendfsync', 'always']);
  await using replica = await startRedis(['--replicaof', '127.0.0.1', new URL(good.url).port]);

  const looks = await Promise.all(
    [bad, lax, usual, good, replica].map(async ({ url }) => {
      const redis = connectRedis(url, 'asking');
      const look = await preflight(redis);
      redis.disconnect();
      return look;
    }),
  );

  assert.deepEqual(looks[0]?.complaints, [
    'appendonly is no: a crash of Redis would lose runs. Set `appendonly yes` in redis.conf.',
    'maxmemory-policy is allkeys-lru: Redis would throw runs away. Set `maxmemory-policy noeviction`.',
  ]);
  assert.match(String(looks[1]?.complaints), /^appendfsync is no: /);
  assert.match(String(looks[2]?.complaints), /^appendfsync is everysec: .*decided in the last second/);
  assert.deepEqual(looks[3], { complaints: [], advice: [] });
  assert.match(String(looks[4]?.complaints), /^role is slave; /);
});

test('a clock that differs from that of Redis is named, whichever is ahead', async () => {
  await using setting = await openSetting(jobsOf(make));
  const at = (aheadMs: number) => ({ ...systemClock, now: () => Date.now() + aheadMs });

  const looks = [
    await preflight(setting.redis, at(600_000)),
    await preflight(setting.redis, at(-90_000)),
    await preflight(setting.redis, at(500)),
  ];

  const clocks = looks.map(({ advice }) => advice.find((line) => /clock/.test(line)));
  assert.match(clocks[0] ?? '', /^The clock here is 10 min ahead of Redis': /);
  assert.match(clocks[1] ?? '', /^The clock here is 1 min 30 s behind Redis': /);
  assert.equal(clocks[2], undefined);
});

test('equal plans have equal hashes, whatever the order of their keys', () => {
  const one = { b: [1, { y: null, x: 'ä"' }], a: true };
  const other = { a: true, b: [1, { x: 'ä"', y: null }] };

  assert.equal(canonical(one), '{"a":true,"b":[1,{"x":"ä\\"","y":null}]}');
  assert.equal(hashOf(one), hashOf(other));
  assert.notEqual(hashOf(one), hashOf({ ...other, a: false }));
});

/** Runs of the same millisecond are in the order of their ids. */
async function newestFirst(setting: Setting, ids: readonly string[]): Promise<string[]> {
  const runs = await Promise.all(ids.map((id) => setting.runs.read(id)));
  const keys = runs.map((run) => [run?.createdAt ?? 0, run?.id ?? ''] as const);
  return keys.toSorted(([a, x], [b, y]) => b - a || (x < y ? 1 : -1)).map(([, id]) => id);
}
