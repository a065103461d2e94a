import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Right, rightsFor, takeAway, withMinimalRole } from '../minimal-role.ts';
import { startSetting } from '../setting.ts';
import { wholeLife } from '../whole-life.ts';

for (const profile of ['8.4', '9.2'] as const) {
  test(`on Proxmox ${profile} each privilege of the documented role is needed by some command`, async () => {
    await using first = await startSetting({ lab: { profile }, change: withMinimalRole });

    const needless: Right[] = [];
    for (const right of rightsFor(first.config, profile)) if (await livesWithout(right, profile)) needless.push(right);

    assert.deepEqual(needless, []);
  });
}

/**
 * Whether everything goes well all the same. With the privilege all is well, so nothing else can be what goes wrong. Most say
 * so at once; without VM.Audit a VM is not seen, and waited for.
 */
async function livesWithout(right: Right, profile: '8.4' | '9.2'): Promise<boolean> {
  await using setting = await startSetting({ lab: { profile }, templates: [], change: withMinimalRole });
  takeAway(setting.lab, right);
  return await wholeLife(setting).then(
    () => true,
    () => false,
  );
}
