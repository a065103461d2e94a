import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepSession } from './keep-session.ts';

/** What happened in turn: `away`, `broken`, or for how many minutes a session was held before it broke; answers the pauses after each, s. */
async function pausesAfter(story: readonly ('away' | 'broken' | number)[]): Promise<number[]> {
  const over = new AbortController();
  const pauses: number[] = [];
  let now = 0;
  const clock = {
    now: () => now,
    async sleep(ms: number) {
      pauses.push(ms / 1000);
      now += ms;
      if (pauses.length === story.length) over.abort();
    },
  };
  const next = () => story[pauses.length];
  await keepSession(
    {
      async prepare() {
        if (next() === 'away') throw new Error('away');
      },
      async hold() {
        const held = next();
        if (typeof held === 'number') now += held * 60_000;
        throw new Error('broken');
      },
      failed: () => undefined,
    },
    clock,
    over.signal,
  );
  return pauses;
}

test('a session that breaks is begun ever more seldom', async () => {
  const pauses = await pausesAfter(Array.from({ length: 8 }, () => 'broken'));

  assert.deepEqual(pauses, [10, 20, 40, 80, 160, 320, 600, 600]);
});

test('one that was held for long is begun again soon', async () => {
  assert.deepEqual(await pausesAfter(['broken', 'broken', 60, 'broken']), [10, 20, 10, 20]);
});

test('while Discord is away it is asked every half minute at least', async () => {
  assert.deepEqual(await pausesAfter(['away', 'away', 'broken', 'broken', 'broken', 'away']), [10, 10, 10, 20, 40, 30]);
});
