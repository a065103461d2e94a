import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withMinimalRole } from '../minimal-role.ts';
import { leftOf, nothing, startSetting } from '../setting.ts';
import { wholeLife } from '../whole-life.ts';

for (const profile of ['8.4', '9.2'] as const) {
  test(`on Proxmox ${profile}, with the documented role alone, a VM lives its whole life`, async () => {
    await using setting = await startSetting({ lab: { profile }, templates: [], change: withMinimalRole });

    await wholeLife(setting);

    assert.deepEqual(await leftOf(setting), nothing);
  });
}

test('rights on a pool and its templates are enough for a bot that is kept to the pool', async () => {
  await using setting = await startSetting({
    templates: [],
    change(written, lab) {
      lab.state.pools.push({ poolid: 'bots', comment: undefined });
      const clusters = written.clusters.map((one) => ({ ...one, pool: 'bots' }));
      return withMinimalRole({ ...written, clusters }, lab);
    },
  });

  await wholeLife(setting);

  assert.deepEqual(await leftOf(setting), nothing);
});
