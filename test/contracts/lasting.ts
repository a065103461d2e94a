import assert from 'node:assert/strict';
import { systemClock } from '#base/clock.ts';
import { once } from '#chat/once-for-tests.ts';
import { card, count, type On, settled } from './cards.ts';

export function lasting(on: On): void {
  on('the same key posts once, also when the first answer was lost', async (stage) => {
    const { loseNextAnswer, messages, platform, place } = stage;
    loseNextAnswer();
    await platform.post(place, card('only one'), once('k')).catch(() => undefined);

    const found = await platform.post(place, card('only one'), { key: 'k', again: true });
    const again = await platform.post(place, card('only one'), { key: 'k', again: true });

    await settled(stage);
    assert.deepEqual(again, found);
    assert.equal(count(messages(), /only one/), 1);
  });

  on('the same holds in a thread and in direct messages', async (stage) => {
    const { ana, loseNextAnswer, platform, place, thread } = stage;
    const root = await platform.post(place, card('the root'), once('root'));
    // The thread is there; opening it is another call.
    await platform.post({ ...place, thread: root.id }, card('first'), once('first'));

    for (const [where, text] of [
      [{ ...place, thread: root.id }, 'its log'],
      [await platform.direct(ana.account), 'it is done'],
    ] as const) {
      loseNextAnswer();
      await platform.post(where, card(text), once(text)).catch(() => undefined);
      await platform.post(where, card(text), { key: text, again: true });
    }

    await settled(stage);
    assert.deepEqual([count(ana.direct(), /it is done/), count(thread(root), /its log/)], [1, 1]);
  });

  on('another gateway edits what this one posted, and posts nothing twice', async (stage) => {
    const { another, messages, platform, place, thread } = stage;
    const ref = await platform.post(place, card('one'), once('card:r-1'));
    const other = await another();

    const found = await other.post(place, card('one'), { key: 'card:r-1', again: true });
    await other.edit(ref, card('one from the other'));
    await other.post({ ...place, thread: ref.id }, card('its plan'), once('plan:r-1'));

    await settled(stage);
    assert.equal(found.id, ref.id);
    assert.deepEqual([count(messages(), /one/), count(messages(), /one from the other/)], [1, 1]);
    assert.equal(count(thread(ref), /its plan/), 1);
  });

  on('it knows the groups of an account, and that people can be heard', async ({ ben, benIn, platform, until }) => {
    await until(() => platform.health().up, 'a connection');

    assert.deepEqual((await platform.groupsOf(ben.account)).toSorted(), benIn.toSorted());
  });

  on('when it is stopped nothing stays open', async ({ listens, platform }) => {
    const before = await listens();

    await platform.stop();
    // The other side sees a moment later that a connection was closed.
    for (let tries = 0; tries < 200 && (await listens()); tries++) await systemClock.sleep(5);

    assert.deepEqual([before, await listens()], [true, false]);
  });
}
