import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machinesOf, startSetting } from '../setting.ts';

test('a new size can be undone with a button; the disk stays', async () => {
  await using setting = await startSetting();
  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/k8s-dev is ready/);
  await setting.ana.type('/vm resize k8s-dev large --restart');
  await setting.ana.until(/k8s-dev has 4 CPUs, 8 GiB memory and 80 GiB disk now/);

  await setting.ana.press('Undo');
  await setting.ana.until(/k8s-dev has 1 CPU, 2 GiB memory and 80 GiB disk now/);

  assert.equal(machinesOf(setting.lab)[0]?.config.memory, '2048');
});
