import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSetting } from '../setting.ts';

test('a VMID wins over a name of digits, and words may have capitals', async () => {
  await using setting = await startSetting();
  await setting.ana.type('/vm create web SMALL --template LAB-Debian --vmid 5001');
  await setting.ana.until(/web is ready/, 20_000);
  await setting.ana.type('/vm create --role WORKER Small --vmid 5002');
  await setting.ana.until(/k8s-worker-1 is ready/, 20_000);
  const other = setting.lab.machines.get(5002);
  assert.ok(other);
  Object.assign(other.config, { name: '5001' });

  await setting.ana.type('/vm show 5001');

  await setting.ana.until(/web \(VM 5001\)/, 10_000);
});
