import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeLog } from '#base/log.ts';
import { connectRedis } from '#jobs/engine/redis.ts';
import { freshRedis } from '../test/redis.ts';
import { openLead } from './lead.ts';

const quickly = { leaseMs: 200, renewMs: 40 };

test('one leads at a time, and another one goes on when it is gone', async () => {
  const { url, prefix } = await freshRedis();
  const redis = connectRedis(url, 'blocking');
  const log = makeLog('test', 'silent');
  const leading = new Set<string>();
  let most = 0;
  const seen: string[] = [];
  const [first, second] = [new AbortController(), new AbortController()];
  const begun = Promise.withResolvers<void>();
  const wentOn = Promise.withResolvers<void>();

  const lead = (name: string, until: AbortSignal, told: () => void) =>
    openLead(
      redis,
      prefix,
      log,
      quickly,
    )(
      'discord',
      async (signal) => {
        leading.add(name);
        seen.push(name);
        most = Math.max(most, leading.size);
        told();
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        leading.delete(name);
      },
      until,
    );
  const one = lead('one', first.signal, begun.resolve);
  await begun.promise;
  const other = lead('other', second.signal, wentOn.resolve);
  first.abort();
  await wentOn.promise;
  second.abort();
  await Promise.all([one, other]);

  assert.deepEqual(seen, ['one', 'other']);
  assert.equal(most, 1);
  redis.disconnect();
});

test('who cannot renew the lease stops before another one may lead', async () => {
  const { url, prefix } = await freshRedis();
  const redis = connectRedis(url, 'blocking');
  const until = new AbortController();
  const stopped = Promise.withResolvers<void>();

  const leading = openLead(
    redis,
    prefix,
    makeLog('test', 'silent'),
    quickly,
  )(
    'discord',
    async (signal) => {
      // Somebody else has it: as after a pause longer than the lease.
      await redis.set(`${prefix}:lead:discord`, 'somebody else', 'PX', 60_000);
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      stopped.resolve();
    },
    until.signal,
  );
  await stopped.promise;

  assert.equal(await redis.get(`${prefix}:lead:discord`), 'somebody else');
  until.abort();
  await leading;
  redis.disconnect();
});
