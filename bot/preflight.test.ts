import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { RemoteError } from '#base/errors.ts';
import { makeLog } from '#base/log.ts';
import { startRedis } from '../test/redis.ts';
import type { Config } from './config.ts';
import { openSafeRedis } from './preflight.ts';

const configOf = (url: string) => ({ redis: { url, unsafe: 'refuse' } }) as Config;
const log = makeLog('test', 'silent');

test('a part that starts while Redis is away begins as soon as it is back', async () => {
  await using server = await startRedis(['--appendfsync', 'always']);
  await server.kill();

  const opening = openSafeRedis(configOf(server.url), log);
  await sleep(100);
  await server.restart();
  const redis = await opening;
  const answer = await redis.ping();
  redis.disconnect();

  assert.equal(answer, 'PONG');
});

test('a part does not wait for Redis for ever', async () => {
  await using server = await startRedis();
  await server.kill();

  const opening = openSafeRedis(configOf(server.url), log, { patienceMs: 50, restMs: 10 });

  await assert.rejects(opening, RemoteError);
});

test('a database that Redis has not is refused at start: ioredis would go on in database 0', async () => {
  await using server = await startRedis(['--appendfsync', 'always', '--databases', '4']);

  const there = await openSafeRedis(configOf(`${server.url}/3`), log);
  const opening = openSafeRedis({ redis: { url: `${server.url}/4`, unsafe: 'warn' } } as Config, log);
  there.disconnect();

  await assert.rejects(opening, (error) => {
    assert.ok(error instanceof RemoteError);
    assert.match(
      error.message,
      /^It refuses the database 4 that redis\.url \(REDIS_URL\) names: DB index is out of range\.$/,
    );
    return true;
  });
});
