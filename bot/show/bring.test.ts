import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Card } from '#base/card.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import type { Pace } from '#chat/pace.ts';
import type { ChatPlatform } from '#chat/platform.ts';
import { connectRedis } from '#jobs/engine/redis.ts';
import { freshRedis } from '../../test/redis.ts';
import type { Office } from '../office.ts';
import { type Bringing, bringCard, bringOnce, NotNow } from './bring.ts';
import { spend } from './buckets.ts';
import { mark, takeDue } from './slots.ts';

const card = (text: string): Card => ({ tone: 'info', fallback: text, blocks: [{ kind: 'text', text }] });

/** A place that files a message once by its key, and whose first answer gets lost. */
function forgetfulPlatform() {
  const messages = new Map<string, Card>();
  let lost = 1;
  const place = { platform: 'web', channel: 'ops' };
  const platform: Pick<ChatPlatform, 'name' | 'pace' | 'post' | 'edit'> = {
    name: 'web',
    pace: { thread: 'all' },
    async post(_place, shown, { key }) {
      if (!messages.has(key)) messages.set(key, shown);
      lost -= 1;
      if (lost >= 0) throw new Error('the answer was lost');
      return { place, id: key };
    },
    async edit({ id }, shown) {
      messages.set(id, shown);
    },
  };
  return { messages, place, platform: platform as ChatPlatform };
}

test('a card whose post was begun before the run went on shows what is true now', async () => {
  const { url, prefix } = await freshRedis();
  const redis = connectRedis(url, 'blocking');
  const { messages, place, platform } = forgetfulPlatform();
  const office = { redis, prefix } as Office;
  await mark(office, { kind: 'run', run: 'r-1', platform: 'web', channel: 'ops' }, false);
  const [taken] = await takeDue(office, 1);
  assert(taken);
  const bringing: Bringing = { ...taken, office, platform, place, shown: {} };

  await assert.rejects(bringCard(bringing, card('running'), 'card:r-1'), /lost/);
  await bringCard(bringing, card('done'), 'card:r-1');
  redis.disconnect();

  assert.deepEqual([...messages.values()], [card('done')]);
});

for (const [apart, waits] of [
  [true, { thread: 30, channel: 0 }],
  [false, { thread: 30, channel: 30 }],
] as const) {
  const counts = apart ? 'counts threads by themselves' : 'counts a thread with its channel';
  test(`when a thread takes no more for a while, on a platform that ${counts}, what is full waits and nothing else`, async () => {
    const { url, prefix } = await freshRedis();
    const redis = connectRedis(url, 'blocking');
    const office = { redis, prefix } as Office;
    const channel = { platform: 'chat', channel: 'ops' };
    const thread = { ...channel, thread: 'of-a-card' };
    const postsInChannel = { perMinute: 60, burst: 10 };
    const pace: Pace = { postsInChannel, thread: 'notes', ...(apart ? { threadsApart: apart } : {}) };
    const platform: Pick<ChatPlatform, 'name' | 'pace' | 'post'> = {
      ...{ name: 'chat', pace },
      post: () => Promise.reject(new DeliveryError('Chat', 'busy', 'wait.', { retryAfterMs: 30_000 })),
    };
    await mark(office, { kind: 'run', run: 'r-1', ...channel }, true);
    const [taken] = await takeDue(office, 1);
    assert(taken);
    const bringing: Bringing = { ...taken, office, platform: platform as ChatPlatform, place: channel, shown: {} };
    const waitS = async (place: typeof channel) =>
      Math.round((await spend(office, { pace, place, sending: 'post', urgent: true })) / 1000);

    await assert.rejects(bringOnce(bringing, thread, card('a line'), 'line'), NotNow);
    const left = { thread: await waitS(thread), channel: await waitS(channel) };
    redis.disconnect();

    assert.deepEqual(left, waits);
  });
}
