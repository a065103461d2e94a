import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeLog } from '#base/log.ts';
import type { Health } from '#chat/platform.ts';
import { connectRedis, whenReady } from '#jobs/engine/redis.ts';
import { freshRedis } from '../test/redis.ts';
import { watchHealth } from './health.ts';

const well: Health = { up: true };
const away: Health = { up: false, why: 'the connection broke.' };
const flawed: Health = { up: true, but: 'a scope is missing.' };

/** What is said while Slack is so, second by second, in the end with what Redis has for another gateway. */
async function saidWhile(story: readonly Health[], tellAt?: number) {
  const { url, prefix } = await freshRedis();
  const redis = connectRedis(url, 'asking');
  await whenReady(redis);
  const over = new AbortController();
  const said: string[] = [];
  let second = 0;
  let elsewhere: readonly unknown[] = [];
  const shared = { redis, prefix, log: makeLog('test', 'silent') };
  const clock = {
    now: () => second * 1000,
    async sleep() {
      if (second === tellAt) watch.tell('slack');
      if (second === story.length - 1) {
        const others = watchHealth({ ...shared, platforms: new Map(), say: () => {} }, AbortSignal.abort());
        elsewhere = (await others.read()).map(({ platform, health }) => ({ platform, health }));
        over.abort();
      }
      second = Math.min(second + 1, story.length - 1);
    },
  };
  const slack = { name: 'slack', health: () => story[second] ?? well };
  const platforms = new Map([['slack', slack]]);
  const watch = watchHealth({ ...shared, platforms, clock, say: (line) => said.push(line) }, over.signal);
  await watch.done;
  const left = await redis.keys(`${prefix}:gateway*`);
  redis.disconnect();
  return { said, elsewhere, left };
}

test('a platform in trouble is told once, and again when all is well', async () => {
  const { said } = await saidWhile([well, away, away, away, away, away, well, well]);

  assert.deepEqual(said, ['Slack: the connection broke.', 'Slack: all is well again.']);
});

test('a break that passes by itself is not worth a word', async () => {
  const { said } = await saidWhile([away, away, well, away, well]);

  assert.deepEqual(said, []);
});

test('what nobody expects to pass is told at once', async () => {
  const { said } = await saidWhile([away, away, well], 0);

  assert.deepEqual(said, ['Slack: the connection broke.', 'Slack: all is well again.']);
});

test('every gateway can read how the platforms of the others are, for as long as these run', async () => {
  const { elsewhere, left } = await saidWhile([well, flawed]);

  assert.deepEqual(elsewhere, [{ platform: 'slack', health: flawed }]);
  assert.deepEqual(left, []);
});
