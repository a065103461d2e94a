import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { RemoteError, UserError } from '#base/errors.ts';
import { freshRedis } from '#test/redis.ts';
import { noNames, none, openTwice, range, times } from './claims/for-tests.ts';
import { type Claims, openClaims } from './claims.ts';

test('fifty runs that ask at once get fifty numbers', async () => {
  await using setting = openTwice(await freshRedis());

  const given = await Promise.all(
    times(50, (at) => setting.either(at).vmid(`run-${at}`, range, new Set([5003, 5010]))),
  );

  assert.equal(new Set(given).size, 50);
  assert.deepEqual([given.includes(5003), given.includes(5010), Math.max(...given)], [false, false, 5051]);
});

test('a run that asks again gets the same number, name and room', async () => {
  await using setting = openTwice(await freshRedis());
  const { claims } = setting;
  const room = { node: 'pve1', memoryMiB: 2048, storage: 'nas', diskGiB: 0 };
  const first = await claims.vmid('a', range, none);
  await claims.name('a', 'K8s-Dev', noNames);
  await claims.room('a', room);

  const again = [await claims.vmid('a', range, none), await claims.name('a', 'k8s-dev', noNames)];

  assert.deepEqual(again, [first, 'k8s-dev']);
  assert.deepEqual(await claims.held('a'), { vmid: first, name: 'k8s-dev', room });
  assert.deepEqual(await claims.held('b'), {});
});

test('a run that has ended is given nothing more, also under a name of its own', async () => {
  await using setting = openTwice(await freshRedis());
  const { claims, redis, underWay } = setting.ofRunsUnderWay();
  await redis.zadd(underWay, 1, 'alive');
  const room = { node: 'pve1', memoryMiB: 2048, storage: 'nas', diskGiB: 0 };
  const claimAll = (run: string) => [
    claims.vmid(run, range, none),
    claims.name(run, 'k8s-dev', noNames),
    claims.numberedName(`${run}:other`, 'k8s', noNames),
    claims.room(run, room),
  ];

  const refused = await Promise.allSettled(claimAll('ended'));
  const given = await Promise.allSettled(claimAll('alive'));

  assert.deepEqual(
    [...refused, ...given].map(({ status }) => status),
    [...Array(4).fill('rejected'), ...Array(4).fill('fulfilled')],
  );
  assert.deepEqual(await claims.held('ended'), {});
});

test('a number that somebody outside took after it was claimed is replaced', async () => {
  await using setting = openTwice(await freshRedis());
  await setting.claims.vmid('a', range, none);

  const next = await setting.claims.vmid('a', range, new Set([5000]));

  assert.equal(next, 5001);
  assert.equal(await setting.claims.vmid('b', range, none), 5000);
});

test('a wish is granted to one run only, also outside the range', async () => {
  await using setting = openTwice(await freshRedis());

  const asked = await Promise.allSettled(
    times(8, (at) => setting.either(at).vmid(`run-${at}`, range, none, { wish: 123 })),
  );

  const granted = asked.filter(({ status }) => status === 'fulfilled');
  assert.equal(granted.length, 1);
  const refused = asked.find((one) => one.status === 'rejected');
  assert.match(String(refused?.reason), /UserError: VMID 123 is claimed by run run-\d/);
});

test('a wish for a number in use is refused', async () => {
  await using setting = openTwice(await freshRedis());

  const asked = setting.claims.vmid('a', range, new Set([105]), { wish: 105 });

  await assert.rejects(
    asked,
    new UserError('VMID 105 is taken.', { hint: 'Leave --vmid out to take the next free one.' }),
  );
});

test('a range without a free number says so', async () => {
  await using setting = openTwice(await freshRedis());
  await setting.claims.vmid('a', { from: 5000, to: 5001 }, none);

  const asked = setting.claims.vmid('b', { from: 5000, to: 5001 }, new Set([5001]));

  await assert.rejects(asked, /No VMID from 5000 to 5001 is free/);
});

test('the number of a VM that was removed rests; a run that made nothing leaves its own free', async () => {
  await using setting = openTwice(await freshRedis());
  const { claims } = setting;
  await claims.vmid('used', range, none);
  await claims.vmid('unused', range, none);

  await claims.retire(5000, 3_600_000);
  await claims.release('used');
  await claims.release('unused');

  assert.equal(await claims.vmid('next', range, none), 5001);
  await assert.rejects(claims.vmid('wishing', range, none, { wish: 5000 }), /rests for another (1 h|59 min|60 min)/);
});

test('a resting number is given again when its time is over', async () => {
  await using setting = openTwice(await freshRedis());
  await setting.claims.retire(5000, 30);

  const [during, after] = [await setting.claims.vmid('a', range, none, { dry: true }), await setting.until(5000)];

  assert.deepEqual([during, after], [5001, 5000]);
});

test('a refused number is not given for a day, whatever its run does then', async () => {
  await using setting = openTwice(await freshRedis());
  const { claims } = setting;
  await claims.vmid('a', range, none);

  await claims.refuse('a', 5000);

  assert.equal(await claims.vmid('a', range, none), 5001);
  await claims.release('a');
  await claims.retire(5000, 10);
  assert.equal(await claims.vmid('b', range, none), 5001);
});

test('peeking keeps nothing', async () => {
  await using setting = openTwice(await freshRedis());
  const { claims } = setting;
  const dry = true;

  await claims.vmid('a', range, none, { dry });
  await claims.name('a', 'web', noNames, { dry });
  await claims.numberedName('a', 'node', noNames, { dry });
  await claims.room('a', { node: 'pve1', memoryMiB: 1, storage: 'nas', diskGiB: 1 }, { dry });

  assert.deepEqual(await setting.keys(), []);
});

test('settling and releasing end what a run claimed under names of its own too, and nobody else’s', async () => {
  await using setting = openTwice(await freshRedis());
  const { claims } = setting;
  const room = { node: 'pve1', memoryMiB: 1024, storage: 'nas', diskGiB: 20 };
  for (const run of ['run-1', 'run-1:template:pve1', 'run-10']) {
    await claims.vmid(run, range, none);
    await claims.room(run, room);
  }

  await claims.settle('run-1');

  assert.deepEqual(await claims.inFlight(), [{ ...room, run: 'run-10', vmid: 5002 }]);
});

test('without Redis a claim fails in a way that passes', async () => {
  const redis = new Redis('redis://127.0.0.1:1', {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  const claims = openClaims(redis, { prefix: '{test}', cluster: 'lab' });

  const asked = claims.vmid('a', range, none);

  await assert.rejects(asked, (error) => error instanceof RemoteError && error.outcome === 'passing');
});

test('whatever runs do at the same time, no number has two owners and a run keeps its own', async () => {
  await using setting = openTwice(await freshRedis());
  const act = fc.record({
    run: fc.integer({ min: 0, max: 5 }),
    what: fc.constantFrom('claim', 'claim', 'claim', 'settle', 'release', 'refuse'),
  });

  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      const claims = setting.anotherCluster();
      await Promise.all(acts.map(({ run, what }) => doOne(claims, `run-${run}`, what)));
      const given = await Promise.all(times(6, (run) => claims.vmid(`run-${run}`, range, none)));
      const again = await Promise.all(times(6, (run) => claims.vmid(`run-${run}`, range, none)));
      assert.equal(new Set(given).size, 6);
      assert.deepEqual(again, given);
    }),
    { numRuns: 30 },
  );
});

async function doOne(claims: Claims, run: string, what: string): Promise<void> {
  if (what === 'claim') await claims.vmid(run, range, none);
  if (what === 'settle') await claims.settle(run);
  if (what === 'release') await claims.release(run);
  if (what === 'refuse') await claims.refuse(run, (await claims.held(run)).vmid ?? 5050);
}

test('an address is one run’s until that ends; others are told whose it is', async () => {
  await using setting = openTwice(await freshRedis());
  await setting.claims.vmid('a', range, none);
  await setting.claims.name('a', 'web', noNames);

  const first = await setting.claims.address('a', '10.0.0.5');
  const second = await setting.either(1).address('b', '10.0.0.5');
  const again = await setting.claims.address('a', '10.0.0.6');
  const free = await setting.either(1).address('b', '10.0.0.5');
  const owners = await setting.claims.owners();
  await setting.claims.release('a');

  assert.deepEqual([first, second], [undefined, { run: 'a', vmid: 5000, name: 'web' }]);
  assert.deepEqual([again, free, owners.has('b')], [undefined, undefined, true]);
  assert.equal(await setting.claims.address('b', '10.0.0.6'), undefined);
});
