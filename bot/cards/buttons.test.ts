import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Card } from '#base/card.ts';
import { connectRedis } from '#jobs/engine/redis.ts';
import { freshRedis } from '#test/redis.ts';
import { openButtons } from './buttons.ts';

const card: Card = {
  tone: 'error',
  fallback: 'There is no template.',
  blocks: [
    { kind: 'offers', offers: [{ label: 'Build it', command: '/template build debian-12', tone: 'primary' }] },
    { kind: 'small', text: 'the foot' },
  ],
};

test('a button shows a token, and only the bot knows what it means', async () => {
  const { url, prefix } = await freshRedis();
  const redis = connectRedis(url, 'blocking');
  const buttons = openButtons(redis, prefix);

  const sealed = await buttons.seal({
    card,
    buttons: [{ label: 'Approve', meaning: { kind: 'vote', run: 'r-1', revision: 2, yes: true } }],
  });

  assert.deepEqual(
    sealed.blocks.map(({ kind }) => kind),
    ['actions', 'small', 'actions'],
  );
  const actions = sealed.blocks.flatMap((block) => (block.kind === 'actions' ? block.actions : []));
  assert.deepEqual(
    actions.map(({ label }) => label),
    ['Build it', 'Approve'],
  );
  assert.deepEqual(
    await Promise.all(actions.map((action) => ('token' in action ? buttons.meaning(action.token) : undefined))),
    [
      { kind: 'command', text: '/template build debian-12' },
      { kind: 'vote', run: 'r-1', revision: 2, yes: true },
    ],
  );
  assert.doesNotMatch(JSON.stringify(sealed), /template build|r-1/);
  redis.disconnect();
});

test('drawing a card again gives the same tokens, and an unknown token means nothing', async () => {
  const { url, prefix } = await freshRedis();
  const redis = connectRedis(url, 'blocking');
  const buttons = openButtons(redis, prefix);

  assert.deepEqual(await buttons.seal(card), await buttons.seal(card));
  assert.equal(await buttons.meaning('made up'), undefined);
  redis.disconnect();
});
