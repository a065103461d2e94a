import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '#lab/faults.ts';
import { textOf } from '../console.ts';
import { callsOf, leftOf, nothing, type Setting, startSetting } from '../setting.ts';

/** What Proxmox sometimes does with a clone that is stopped: the second signal ends it, and its VM stays locked. */
const killing: Fault = { method: 'DELETE', path: /\/tasks\/[^/]*qmclone/, mode: 'kill', times: 99 };

/** A full clone that takes a while, under way. */
async function startCloning(copyMs: number): Promise<Setting> {
  const setting = await startSetting({ lab: { times: { copyMs } } });
  setting.lab.faults.push(killing);
  await setting.ana.type('/vm create k8s-dev medium --clone full');
  await setting.ana.until(/create full clone of drive scsi0/);
  return setting;
}

test('a clone that is cancelled may end, and is removed then; the card says what it waits for', async () => {
  await using setting = await startCloning(2500);

  await setting.ana.press('Cancel');
  await setting.ana.until(/Waiting for the clone to end before it is removed/);
  const card = await setting.ana.until(/create k8s-dev on pve1 was cancelled/);

  assert.match(textOf(card), /Taken back: removed k8s-dev and its disks\. Nothing else is left\./);
  assert.equal(callsOf(setting.lab, /^DELETE .*\/tasks\//), 0);
  assert.deepEqual(await leftOf(setting), nothing);
});

test('a clone that was cut off by somebody leaves what only root can remove: card and job say so, and how', async () => {
  await using setting = await startCloning(5000);
  const { lab, ana } = setting;
  const task = lab.cluster.tasks.all().find(({ type }) => type === 'qmclone');
  assert.ok(task);

  await lab.cluster.tasks.stop(task.upid, { kill: true });
  const card = await ana.until(/Still there: (.|\n)*qm unlock 5000/);
  const id = /r-[a-z0-9]+/.exec(textOf(card))?.[0];
  await ana.type(`/job show ${id}`);
  const shown = await ana.until(/Still there: .*locked \(clone\)/);

  assert.match(textOf(shown), /qm unlock 5000 && qm destroy 5000/);
  assert.equal(lab.state.guests.find(({ vmid }) => vmid === 5000)?.config.lock, 'clone');
});
