import assert from 'node:assert/strict';
import { test } from 'node:test';
import { play } from './play.ts';
import { troubles } from './trouble.ts';

const twice = troubles.find(({ what }) => what === 'everything is delivered twice');
assert(twice);

for (const platform of ['slack', 'discord'] as const) {
  for (const act of ['create', 'read', 'vote'] as const) {
    test(`${platform}: a ${act} that is delivered twice is done and shown once`, async () => {
      const { acknowledged, wrong } = await play(platform, act, twice);

      assert.equal(acknowledged, true);
      assert.deepEqual(wrong, []);
    });
  }
}
