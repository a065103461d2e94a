import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../console.ts';
import { callsOf, type Setting, startSetting } from '../setting.ts';

/** A setting with one VM, `k8s-dev`, number 5000, which runs. */
async function startWithVm(): Promise<Setting> {
  const setting = await startSetting();
  await setting.ana.type('/vm create k8s-dev medium');
  await setting.ana.until(/k8s-dev is ready/);
  return setting;
}

const powerOf = ({ lab }: Setting) => lab.machines.get(5000)?.power;

test('a VM is shut down from within, and started again', async () => {
  await using setting = await startWithVm();

  await setting.ana.type('/vm stop k8s-dev');
  await setting.ana.until(/k8s-dev \(VM 5000\) is stopped/);
  const between = powerOf(setting);
  await setting.ana.press('Start');
  await setting.ana.until(/k8s-dev \(VM 5000\) is running/);

  assert.deepEqual([between, powerOf(setting)], ['stopped', 'running']);
  assert.equal(callsOf(setting.lab, /^POST .*status\/shutdown$/), 1);
});

test('--force pulls the plug', async () => {
  await using setting = await startWithVm();

  await setting.ana.type('/vm stop k8s-dev --force');
  await setting.ana.until(/k8s-dev \(VM 5000\) is stopped/);

  assert.equal(callsOf(setting.lab, /^POST .*status\/stop$/), 1);
  assert.equal(powerOf(setting), 'stopped');
});

test('a VM is rebooted', async () => {
  await using setting = await startWithVm();

  await setting.ana.type('/vm reboot 5000');
  await setting.ana.until(/k8s-dev \(VM 5000\) is running/);

  assert.equal(callsOf(setting.lab, /^POST .*status\/reboot$/), 1);
  assert.equal(powerOf(setting), 'running');
});

const slownesses = [
  ['while the guest shuts down', { times: { shutdownMs: 300 } }],
  ['while it is off', { rebootGapMs: 300 }],
  ['when it is up again', {}],
] as const;

for (const [when, lab] of slownesses) {
  test(`a reboot whose answer is lost is not done twice: looked for ${when}`, async () => {
    await using setting = await startSetting({ lab });
    await setting.ana.type('/vm create k8s-dev medium');
    await setting.ana.until(/k8s-dev is ready/);
    const before = setting.lab.engine.process(5000)?.pid;
    setting.lab.faults.push({ method: 'POST', path: /status\/reboot$/, mode: 'drop-after' });

    await setting.ana.type('/vm reboot k8s-dev');
    await setting.ana.until(/k8s-dev \(VM 5000\) is running/);

    assert.equal(callsOf(setting.lab, /^POST .*status\/reboot$/), 1);
    assert.equal(powerOf(setting), 'running');
    assert.notEqual(setting.lab.engine.process(5000)?.pid, before);
  });
}

test('a reboot that never arrived is asked for again', async () => {
  await using setting = await startWithVm();
  const before = setting.lab.engine.process(5000)?.pid;
  setting.lab.faults.push({ method: 'POST', path: /status\/reboot$/, status: 596 });

  await setting.ana.type('/vm reboot k8s-dev');
  await setting.ana.until(/k8s-dev \(VM 5000\) is running/);

  assert.notEqual(setting.lab.engine.process(5000)?.pid, before);
});

test('what would be pointless is answered with a sentence, and what to do instead', async () => {
  await using setting = await startWithVm();

  await setting.ana.type('/vm start k8s-dev');
  await setting.ana.until(/k8s-dev runs already\.\n<Reboot it>/);
  await setting.ana.type('/vm stop k8s-dev --force');
  await setting.ana.until(/k8s-dev \(VM 5000\) is stopped/);
  await setting.ana.type('/vm stop k8s-dev');
  await setting.ana.until(/k8s-dev is stopped already\.\n<Start it>/);
  await setting.ana.type('/vm reboot k8s-dev');
  await setting.ana.until(/k8s-dev is stopped, so there is nothing to reboot\.\n<Start it>/);

  assert.equal(powerOf(setting), 'stopped');
});

test('a stopped VM gets another size at once', async () => {
  await using setting = await startWithVm();
  await setting.ana.type('/vm stop k8s-dev --force');
  await setting.ana.until(/is stopped/);

  await setting.ana.type('/vm resize k8s-dev large');
  await setting.ana.until(/k8s-dev has 4 CPUs, 8 GiB memory and 80 GiB disk now/);

  const { cores, memory, scsi0 = '' } = setting.lab.machines.get(5000)?.config ?? {};
  assert.deepEqual([cores, memory], ['4', '8192']);
  assert.match(scsi0, /size=80G/);
});

test('a running VM is told when its new size counts, and --restart makes it count', async () => {
  await using setting = await startWithVm();

  await setting.ana.type('/vm resize k8s-dev --memory 6G');
  await setting.ana.until(
    /k8s-dev has 2 CPUs, 6 GiB memory and 40 GiB disk now\nCPUs and memory count after its next stop/,
  );
  const before = setting.lab.machines.get(5000)?.config.memory;
  await setting.ana.type('/vm resize k8s-dev --cpus 3 --restart');
  await setting.ana.until(/k8s-dev has 3 CPUs, .* now/);

  const { cores, memory } = setting.lab.machines.get(5000)?.config ?? {};
  assert.deepEqual([before, cores, memory, powerOf(setting)], ['4096', '3', '6144', 'running']);
});

test('disks only grow', async () => {
  await using setting = await startWithVm();

  await setting.ana.type('/vm resize k8s-dev --disk 10G');
  await setting.ana.until(/k8s-dev's disk has 40 GiB and can't shrink to 10 GiB\./);
  await setting.ana.type('/vm resize k8s-dev small');
  const card = await setting.ana.until(/k8s-dev has 1 CPU, 2 GiB memory and 40 GiB disk now/);

  assert.match(setting.lab.machines.get(5000)?.config.scsi0 ?? '', /size=40G/);
  assert.match(textOf(card), /<Stop it>/);
});

test('a size that a VM has already changes nothing', async () => {
  await using setting = await startWithVm();

  await setting.ana.type('/vm resize k8s-dev medium');

  await setting.ana.until(/k8s-dev has 2 CPUs, 4 GiB memory and 40 GiB disk already\./);
  assert.equal(callsOf(setting.lab, /^PUT .*\/resize$/), 1);
});
