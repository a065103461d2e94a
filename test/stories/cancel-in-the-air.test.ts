import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '#lab/faults.ts';
import { textOf } from '../console.ts';
import { callsOf, leftOf, nothing, startSetting, untilTrue } from '../setting.ts';

/** For how long a step may ignore that it was cancelled: much shorter than Proxmox takes to answer. */
const grace = 50;
const late: Fault = { method: 'POST', path: /\/clone$/, mode: 'slow', delayMs: 800 };

test('a clone whose answer comes after the cancel is taken back, and the card says so', async () => {
  await using setting = await startSetting({ times: { grace } });
  setting.lab.faults.push(late);
  await setting.ana.type('/vm create k8s-dev medium');
  await setting.ana.until(/\[running\] Clone lab-debian to k8s-dev/);
  await untilTrue(() => !setting.lab.faults.includes(late));

  await setting.ana.press('Cancel');
  const card = await setting.ana.until(/create k8s-dev on pve1 was cancelled/);

  assert.match(textOf(card), /Taken back: removed k8s-dev and its disks\. Nothing else is left\./);
  assert.equal(callsOf(setting.lab, /^POST .*\/clone$/), 1);
  assert.deepEqual(await leftOf(setting), nothing);
});
