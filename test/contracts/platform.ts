import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asking } from './asking.ts';
import type { On } from './cards.ts';
import { hearing } from './hearing.ts';
import { lasting } from './lasting.ts';
import { showing } from './showing.ts';
import type { Stage } from './stage.ts';

/**
 * What every chat platform does, run with the platform's own client (or its emulator's) at the other end. At the end of each test nothing may have been sent
 * that the vendor does not take.
 */
export function platformContract(name: string, start: () => Promise<Stage>): void {
  const on: On = (title, act) =>
    test(title, async () => {
      await using stage = await start();
      await act(stage);
      assert.deepEqual(stage.violations(), []);
    });
  describe(`${name}: what people type`, () => hearing(on));
  describe(`${name}: what people are asked`, () => asking(on));
  describe(`${name}: what the bot says`, () => showing(on));
  describe(`${name}: what outlasts a gateway`, () => lasting(on));
}
