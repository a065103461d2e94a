import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshRedis } from '#test/redis.ts';
import { openTwice, times } from './for-tests.ts';

test('one process at a time has the turn to place, and all get it', async () => {
  await using setting = openTwice(await freshRedis());
  const { signal } = new AbortController();
  let inside = 0;
  let most = 0;

  await Promise.all(
    times(10, async (at) => {
      await using _ = await setting.either(at).placing(signal);
      most = Math.max(most, ++inside);
      await setting.claims.inFlight();
      inside--;
    }),
  );

  assert.equal(most, 1);
});

test('waiting for the turn ends by its signal', async () => {
  await using setting = openTwice(await freshRedis());
  const giveUp = new AbortController();
  await using _ = await setting.claims.placing(giveUp.signal);

  const waiting = setting.claims.placing(giveUp.signal);
  giveUp.abort(new Error('cancelled'));

  await assert.rejects(waiting, /cancelled/);
});

test('a node’s agent is probed by one at a time, and giving back late takes nothing from the next', async () => {
  await using setting = openTwice(await freshRedis());
  const { signal } = new AbortController();

  const probes = await Promise.all(times(20, (at) => setting.either(at).probe('pve1', signal)));
  const [first, ...others] = probes.filter((probe) => probe !== undefined);
  const elsewhere = await setting.claims.probe('pve2', signal);
  await setting.expire('probe:pve1');
  const second = await setting.claims.probe('pve1', signal);
  await first?.[Symbol.asyncDispose]();
  const third = await setting.claims.probe('pve1', signal);

  assert.deepEqual([others.length, typeof elsewhere, typeof second, third], [0, 'object', 'object', undefined]);
});
