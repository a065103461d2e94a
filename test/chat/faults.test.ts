import assert from 'node:assert/strict';
import { test } from 'node:test';
import { play } from './play.ts';
import { troubles } from './trouble.ts';

const twice = troubles.find(({ what }) => what === 'everything is delivered twice');
assert(twice);

const everywhere = ['create', 'read', 'vote'] as const;

// A file goes with its message on Discord, in one call; on Slack it takes three.
for (const platform of ['slack', 'discord'] as const) {
  for (const act of platform === 'slack' ? ([...everywhere, 'file'] as const) : everywhere) {
    test(`${platform}: a ${act} that is delivered twice is done and shown once`, async () => {
      const { acknowledged, wrong } = await play(platform, act, twice);

      assert.equal(acknowledged, true);
      assert.deepEqual(wrong, []);
    });
  }
}
