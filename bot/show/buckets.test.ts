import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pace } from '#chat/pace.ts';
import { connectRedis } from '#jobs/engine/redis.ts';
import { freshRedis } from '../../test/redis.ts';
import { shut, spend } from './buckets.ts';

const pace: Pace = {
  edits: { perMinute: 60, burst: 10 },
  postsInChannel: { perMinute: 60, burst: 1 },
  thread: 'notes',
};
const place = { platform: 'slack', channel: 'C1' };
const elsewhere = { platform: 'slack', channel: 'C2' };

async function open() {
  const { url, prefix } = await freshRedis();
  const redis = connectRedis(url, 'blocking');
  return { redis, prefix, [Symbol.dispose]: () => redis.disconnect() };
}

test('a budget is shared by all who ask, and its last part is for what is urgent', async () => {
  using shared = await open();
  const edit = (urgent: boolean) => spend(shared, { pace, place, sending: 'edit', urgent });

  const usual = await Promise.all(Array.from({ length: 10 }, () => edit(false)));
  const urgent = await Promise.all(Array.from({ length: 4 }, () => edit(true)));

  assert.equal(usual.filter((waitMs) => waitMs === 0).length, 7);
  assert.equal(urgent.filter((waitMs) => waitMs === 0).length, 3);
  assert.ok(
    urgent.some((waitMs) => waitMs > 500 && waitMs <= 1000),
    `${urgent}`,
  );
});

test('a channel that is full holds up no other', async () => {
  using shared = await open();
  const post = (where: typeof place) => spend(shared, { pace, place: where, sending: 'post', urgent: false });

  assert.equal(await post(place), 0);
  assert.ok((await post(place)) > 0);
  assert.equal(await post(elsewhere), 0);
});

test('a thread shares the limits of its channel, unless the platform counts it by itself', async () => {
  using shared = await open();
  const thread = { ...place, thread: 'of-a-message' };
  const apart = { ...pace, threadsApart: true } as const;
  await spend(shared, { pace, place, sending: 'post', urgent: false });

  const together = await spend(shared, { pace, place: thread, sending: 'post', urgent: false });
  const alone = await spend(shared, { pace: apart, place: thread, sending: 'post', urgent: false });

  assert.ok(together > 0);
  assert.equal(alone, 0);
});

test('when the platform says that it is too much, nothing goes for as long as it says', async () => {
  using shared = await open();

  await shut(shared, { pace, place, sending: 'post' }, 30_000);

  const waitMs = await spend(shared, { pace, place, sending: 'post', urgent: true });
  assert.ok(waitMs > 29_000 && waitMs <= 30_000, `${waitMs}`);
  assert.equal(await spend(shared, { pace, place: elsewhere, sending: 'post', urgent: true }), 0);
});

test('what has no limits never waits', async () => {
  using shared = await open();

  assert.equal(await spend(shared, { pace: { thread: 'all' }, place, sending: 'edit', urgent: false }), 0);
});
