import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { machinesOf } from '../setting.ts';
import { killed } from './moments.ts';
import { play, runsOf } from './play.ts';
import { startChat } from './setting.ts';

const stores = { create: 'runs submit', vote: 'runs vote' } as const;
const acknowledges = { slack: 'slack acknowledge', discord: 'discord POST /interactions/{}/{}/callback' } as const;
const cases = (['slack', 'discord'] as const).flatMap((platform) =>
  (['create', 'vote'] as const).flatMap((act) => [
    // Nothing was kept, so it was done again.
    { platform, act, site: `before ${stores[act]}`, told: [true] },
    { platform, act, site: `after ${stores[act]}`, told: [false] },
    { platform, act, site: `before ${acknowledges[platform]}`, told: [false] },
    // It may die while its words are on their way.
    { platform, act, site: `after ${acknowledges[platform]}`, told: [true, false] },
  ]),
);

// Most of it is waiting: a lease of a dead gateway ends after 15 s.
describe('kill -9 of a gateway between storing and acknowledging', { concurrency: 4 }, () => {
  for (const { platform, act, site, told } of cases) {
    test(`${platform}: a ${act}, killed ${site}, is done once and shown by another gateway`, async () => {
      const { acknowledged, wrong } = await play(platform, act, killed, site);

      assert.deepEqual(wrong, []);
      assert(told.includes(acknowledged), `acknowledged: ${acknowledged}`);
    });
  }
});

test('slack: a line that mentions the bot is brought again after the kill, and is one run', async () => {
  await using chat = await startChat({ slack: { rateLimits: Number.POSITIVE_INFINITY } });
  const { slack, setting } = chat;
  const after = await killed.begin(chat, 'slack', 'after runs submit');

  slack.user('ana').say('ops', '@botswain vm create k8s-dev small');
  await after?.();
  const brought = () => slack.deliveries.filter(({ kind, outcome }) => kind === 'events_api' && outcome?.ok).length;
  const before = brought();
  await slack.until(() => slack.deliveries.some(({ retry }) => retry !== undefined), 'the second try', 10_000);
  slack.pass(60_000);
  await slack.until(() => brought() > before, 'an acknowledgement', 10_000);
  const ends = () => slack.messages('ops').filter((one) => /k8s.?-dev\W* is ready/.test(slack.textOf(one))).length;
  await slack.until(() => ends() > 0, 'the end', 30_000);

  assert.deepEqual([ends(), await runsOf(chat), machinesOf(setting.lab).length], [1, 1, 1]);
  chat.assertLawful();
});
