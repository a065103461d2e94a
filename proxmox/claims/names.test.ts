import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshRedis } from '#test/redis.ts';
import { noNames, openTwice, times } from './for-tests.ts';

test('one of many runs gets a name, and case does not count', async () => {
  await using setting = openTwice(await freshRedis());

  const asked = await Promise.allSettled(
    times(20, (at) => setting.either(at).name(`run-${at}`, at % 2 === 0 ? 'Web' : 'web', noNames)),
  );

  assert.equal(asked.filter(({ status }) => status === 'fulfilled').length, 1);
  await assert.rejects(setting.claims.name('late', 'db', new Set(['DB'])), /There is a VM named db already/);
});

test('numbered names follow the highest number that exists or was claimed', async () => {
  await using setting = openTwice(await freshRedis());
  const existing = new Set(['k8s-worker-2', 'K8S-WORKER-07', 'k8s-worker-x', 'k8s-worker', 'other-99']);
  await setting.claims.name('by hand', 'k8s-worker-9', noNames);

  const given = await Promise.all(
    times(10, (at) => setting.either(at).numberedName(`run-${at}`, 'k8s-worker', existing)),
  );

  const numbers = given.map((name) => Number(name.replace('k8s-worker-', ''))).sort((a, b) => a - b);
  assert.deepEqual(
    numbers,
    times(10, (at) => at + 10),
  );
  assert.equal(await setting.claims.numberedName('run-3', 'k8s-worker', existing), given[3]);
});

test('a number of a name is never given twice, also when its VM is gone', async () => {
  await using setting = openTwice(await freshRedis());
  const { claims } = setting;
  await claims.numberedName('a', 'node', noNames);
  await claims.settle('a');
  await claims.name('b', 'node-5', noNames);
  await claims.settle('b');

  const next = await claims.numberedName('c', 'node', noNames);

  assert.equal(next, 'node-6');
});
