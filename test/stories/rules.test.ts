import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyWarnings } from '#bot/policy.ts';
import { textOf } from '../console.ts';
import { machinesOf, type Setting, startSetting, type Written } from '../setting.ts';

/** Ben signs in to the same console, and nothing in this configuration but Ana can act. */
const onlyAna = (written: Written): Written => {
  const people = (written.people ?? []).filter(({ key }) => key === 'ana');
  return { ...written, everybody: 'read', people };
};

async function withMachine(change: (written: Written) => Written): Promise<Setting> {
  const setting = await startSetting({ change });
  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/k8s-dev is ready/);
  return setting;
}

test('who is alone destroys by typing the name of the VM, and a press alone does nothing', async () => {
  await using setting = await withMachine(onlyAna);
  const { ana } = setting;

  await ana.type('/vm destroy k8s-dev');
  const asked = textOf(await ana.until(/Approve\? destroy k8s-dev/));
  await ana.press('Type its name');
  const wrong = await ana.fill({ name: 'k8s-prod' });
  const still = machinesOf(setting.lab).length;
  await ana.fill({ name: 'k8s-dev' });
  await ana.until(/k8s-dev .* is gone/);

  assert.match(asked, /Nobody else is there to ask, so its name has to be typed/);
  assert.doesNotMatch(asked, /<Approve>/);
  assert.match(await wrong.text(), /k8s-prod.* is not its name: type k8s-dev/);
  assert.equal(still, 1);
});

test('a rule for everything lets nobody destroy without a second person', async () => {
  const rules = [{ commands: ['*'] }, { commands: ['vm destroy'], approval: { need: 1 } }];
  await using setting = await withMachine((written) => ({ ...written, rules }));
  const { ana, ben } = setting;

  await ana.type('/vm destroy k8s-dev');
  await ana.until(/Approve\? destroy k8s-dev/);
  await ana.press('Approve');
  await ana.until(/somebody else must approve/);
  await ben.until(/Approve\? destroy k8s-dev/);
  await ben.press('Approve');
  await ana.until(/k8s-dev .* is gone/);
  await ana.type('/bot doctor');
  const doctor = textOf(await ana.until(/Proxmox lab/));

  assert.match(doctor, /Rules\n! Rule 2 never counts for "vm destroy": rule 1 stands before it and fits first/);
  assert.equal(policyWarnings(setting.config).length, 1);
});

test('a cancel that needs a yes is carried out when it has one', async () => {
  const rules = [{ commands: ['job cancel'], approval: { by: ['platform'] } }];
  await using setting = await startSetting({
    change: (written) => ({ ...written, rules }),
    lab: { times: { agentMs: 60_000 } },
  });
  const { ana, ben } = setting;
  await ana.type('/vm create k8s-dev small');
  await ana.until(/Wait for/i);
  const [id] = /r-\w{8}/.exec(ana.transcript()) ?? [];

  await ana.type(`/job cancel ${id}`);
  await ben.until(/Approve\? cancel job/);
  const before = textOf(await ben.until(/create k8s-dev/));
  await ben.press('Approve');
  await ana.until(/k8s-dev .*was cancelled/);

  assert.doesNotMatch(before, /cancelled/);
  assert.deepEqual(machinesOf(setting.lab), []);
});
