import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labImage } from '#lab/simulated/image.ts';
import type { TemplateSpec } from '#lab/templates.ts';
import { textOf } from '../console.ts';
import { callsOf, machinesOf, type Setting, startSetting, untilTrue, type Written } from '../setting.ts';
import { templateNotes } from '../template-notes.ts';

/** A setting whose template has something wrong with it. */
function startWith(wrong: Pick<TemplateSpec, 'trouble' | 'blank'>, change = (written: Written) => written) {
  const template = { vmid: 9000, name: 'lab-debian', storage: 'nas', ...wrong };
  const config = { description: templateNotes(9000) };
  return startSetting({ lab: { templates: [{ ...template, config }] }, change });
}

const patience = (agent: string) => (written: Written) =>
  ({ ...written, create: { ...written.create, ready: { agent, address: '2m', ssh: '3m' } } }) as Written;

const powerOf = ({ lab }: Setting) => lab.machines.get(5000)?.power;

for (const [trouble, words] of [
  ['io-error', /can’t read or write its disk and stands still \(io-error\)\..*storage is probably full/s],
  ['guest-panicked', /stands still after a panic of its kernel \(guest-panicked\)/],
  ['paused', /is paused \(paused\)\..*Resume it/s],
  ['powers off', /powered off (while it booted|right after its start)/],
] as const) {
  test(`a VM that is to become ready and has ${trouble} is said within seconds, not after the agent’s time limit`, async () => {
    await using setting = await startWith({ trouble });
    const start = performance.now();

    await setting.ana.type('/vm create k8s-dev small');
    const card = await setting.ana.until(/create k8s-dev on pve1 failed/, 20_000);

    assert.match(textOf(card), words);
    assert.ok(performance.now() - start < 20_000);
  });
}

for (const [trouble, words] of [
  ['io-error', /can’t read or write its disk and stands still \(io-error\)/],
  ['paused', /is paused \(paused\)/],
] as const) {
  test(`a template's machine that has ${trouble} while it is set up is said within seconds, and taken back`, async () => {
    const bytes = labImage({ virtualSize: 2 * 1024 ** 3, os: 'debian', agent: false, trouble });
    const lab = { images: [{ name: 'lab-debian.qcow2', bytes }] };
    await using setting = await startSetting({ templates: [], lab });

    await setting.ana.type('/template build lab-debian');
    const card = await setting.ana.until(/build template lab-debian on pve1 failed/, 20_000);

    assert.match(textOf(card), words);
    assert.deepEqual(machinesOf(setting.lab), []);
  });
}

test('a VM that was removed while it is waited for is said within seconds', async () => {
  await using setting = await startWith({ blank: true });
  await setting.ana.type('/vm create k8s-dev small');
  await untilTrue(() => powerOf(setting) === 'running');

  await setting.lab.engine.stop(5000);
  const { guests } = setting.lab.state;
  guests.splice(
    guests.findIndex(({ vmid }) => vmid === 5000),
    1,
  );
  const card = await setting.ana.until(/create k8s-dev on pve1 failed/, 20_000);

  assert.match(textOf(card), /VM 5000/);
});

test('no bootable disk is a sentence, and no time-out of the agent', async () => {
  await using setting = await startWith({ blank: true }, patience('6s'));

  await setting.ana.type('/vm create k8s-dev small');
  const card = await setting.ana.until(/create k8s-dev on pve1 failed/, 20_000);

  assert.match(textOf(card), /k8s-dev \(VM 5000\) has no bootable disk/);
});

test('cloud-init that failed is told with the lines of its log', async () => {
  await using setting = await startWith({ trouble: 'cloud-init fails' });

  await setting.ana.type('/vm create k8s-dev small');
  const card = await setting.ana.until(/create k8s-dev on pve1 failed/);
  await setting.ana.until(/cc_apt_configure\.py\[WARNING\]: No distribution specified/);

  assert.match(textOf(card), /cloud-init failed on k8s-dev \(VM 5000\): .*util\.py\[ERROR\]: Failed to run command/);
});

test('/vm show says what QEMU says', async () => {
  await using setting = await startSetting();
  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/k8s-dev is ready/);

  await setting.lab.engine.pause(5000, true);
  await setting.ana.type('/vm show k8s-dev');
  const card = await setting.ana.until(/State: /);

  assert.match(textOf(card), /State: running \(paused\)/);
});

test('a guest that stands still is not asked to shut down for three minutes: pulling its plug is offered', async () => {
  await using setting = await startSetting();
  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/k8s-dev is ready/);
  await setting.lab.engine.pause(5000, true);

  await setting.ana.type('/vm stop k8s-dev');
  await setting.ana.until(/is paused \(paused\), so it can't shut itself down/);
  await setting.ana.press('Pull its plug');
  await setting.ana.until(/k8s-dev \(VM 5000\) is stopped/);

  assert.equal(callsOf(setting.lab, /status\/shutdown$/), 0);
  assert.equal(powerOf(setting), 'stopped');
});

for (const verb of ['stop', 'reboot'] as const) {
  test(`--force ends a ${verb} that a booting guest does not hear, and does not wait for it`, async () => {
    await using setting = await startSetting({ lab: { times: { bootMs: 60_000 } } });
    await setting.ana.type('/vm create k8s-dev small');
    await untilTrue(() => powerOf(setting) === 'running');
    await setting.ana.press('Keep if it fails');
    await setting.ana.press('Cancel');
    await setting.ana.until(/k8s-dev on pve1 stopped half-way/);
    const call = verb === 'stop' ? /status\/shutdown$/ : /status\/reboot$/;
    await setting.ana.type(`/vm ${verb} 5000`);
    await untilTrue(() => callsOf(setting.lab, call) === 1);

    await setting.ana.type('/vm stop 5000 --force');
    await setting.ana.until(/k8s-dev \(VM 5000\) is stopped/);

    assert.equal(powerOf(setting), 'stopped');
    assert.equal(machinesOf(setting.lab).length, 1);
  });
}
