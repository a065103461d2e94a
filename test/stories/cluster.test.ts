import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '#lab/engine.ts';
import { startSimulated } from '#lab/simulated/engine.ts';
import { quickTimes } from '#lab/simulated/times.ts';
import { textOf } from '../console.ts';
import { callsOf, leftOf, machinesOf, nothing, type Setting, startSetting } from '../setting.ts';

async function createVm(setting: Setting, line = '/vm create k8s-dev small'): Promise<void> {
  await setting.ana.type(line);
  await setting.ana.until(/k8s-dev is ready/);
}

test('an upload that Proxmox cuts off after 5 s is made again', async () => {
  await using setting = await startSetting({ lab: { uploadCutMs: 30 }, templates: [] });
  setting.lab.faults.push({ path: /upload$/, mode: 'slow', delayMs: 80 });

  await setting.ana.type('/template build lab-debian');
  await setting.ana.until(/broke off the upload of botswain-\S+\.iso/);
  await setting.ana.until(/lab-debian is ready/);

  assert.equal(callsOf(setting.lab, /^POST .*\/upload$/), 2);
  assert.deepEqual(
    setting.lab.state.volumes.filter(({ content }) => content !== 'images'),
    [],
  );
});

test('a clone that Proxmox lost sight of after 30 s (596) is found again', async () => {
  await using setting = await startSetting({ lab: { proxyTimeoutMs: 30 } });
  setting.lab.faults.push({ path: /clone$/, mode: 'slow', delayMs: 90 });

  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/Looking what became of it/);
  await setting.ana.until(/k8s-dev is ready/);

  assert.deepEqual(
    machinesOf(setting.lab).map(({ vmid, name }) => [vmid, name]),
    [[5000, 'k8s-dev']],
  );
  assert.deepEqual((await leftOf(setting)).claims, []);
});

test('a VM that HA manages is stopped, started and destroyed when HA has done so', async () => {
  await using setting = await startSetting({ lab: { haGapMs: 100 } });
  await createVm(setting);
  const power = () => setting.lab.machines.get(5000)?.power;
  for (const guest of setting.lab.state.guests) guest.ha = guest.vmid === 5000;

  await setting.ana.type('/vm stop k8s-dev');
  await setting.ana.until(/k8s-dev \(VM 5000\) is stopped/);
  const stopped = power();
  await setting.ana.type('/vm start k8s-dev');
  await setting.ana.until(/k8s-dev \(VM 5000\) is running/);
  const started = power();
  await setting.ana.type('/vm destroy k8s-dev');
  const asked = await setting.ben.until(/Approve\? destroy k8s-dev/);
  await setting.ben.press('Approve');
  await setting.ana.until(/k8s-dev \(VM 5000\) is gone from pve1/);

  assert.deepEqual([stopped, started], ['stopped', 'running']);
  assert.match(textOf(asked), /It is managed by HA; its HA resource is removed too\./);
  assert.deepEqual(await leftOf(setting), nothing);
});

test('a VM that somebody removes while it is waited for is not waited for any longer', async () => {
  await using setting = await startSetting({ lab: { haGapMs: 60_000 } });
  await createVm(setting);
  const { state } = setting.lab;
  for (const guest of state.guests) guest.ha = guest.vmid === 5000;

  await setting.ana.type('/vm stop k8s-dev');
  await setting.ana.until(/Requesting HA stop for VM 5000/);
  state.guests = state.guests.filter(({ vmid }) => vmid !== 5000);

  await setting.ana.until(/stop k8s-dev \(VM 5000\) on pve1 failed\n.*VM 5000 is not on pve1 any more/);
});

test('a VM that HA took over while it was made is taken back all the same', async () => {
  await using setting = await startSetting({ lab: { haGapMs: 200, times: { bootMs: 60_000 } } });
  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/\[running\] Wait for the guest agent/);
  for (const guest of setting.lab.state.guests) guest.ha = guest.vmid === 5000;

  await setting.ana.press('Cancel');
  const card = await setting.ana.until(/create k8s-dev on pve1 was cancelled/);

  assert.match(textOf(card), /Taken back: removed k8s-dev and its disks/);
  assert.deepEqual(await leftOf(setting), nothing);
});

test('a list of the cluster that lags gives no number twice, and hides no new VM', async () => {
  await using setting = await startSetting({ lab: { resourcesLagMs: 60_000 } });

  await Promise.all(['one', 'two', 'three'].map((name) => setting.ana.type(`/vm create ${name} small`)));
  for (const name of ['one', 'two', 'three']) await setting.ana.until(new RegExp(`${name} is ready`));
  await setting.ana.type('/vm create two small');
  await setting.ana.until(/There is a VM named two already\./);
  await setting.ana.type('/vm stop two');
  await setting.ana.until(/two \(VM \d+\) is stopped/);

  const vms = machinesOf(setting.lab);
  assert.deepEqual(new Set(vms.map(({ vmid }) => vmid)), new Set([5000, 5001, 5002]));
  assert.deepEqual(vms.map(({ name }) => name).sort(), ['one', 'three', 'two']);
});

test('a VM whose lock somebody else holds is waited for', async () => {
  await using setting = await startSetting({ lab: { lockTimeoutMs: 30 } });
  await createVm(setting);
  const backup = Promise.withResolvers<void>();
  const held = setting.lab.cluster.locks.hold(5000, () => backup.promise);

  await setting.ana.type('/vm stop k8s-dev --force');
  await setting.ana.until(/can't lock file .*got timeout.*\. Trying again in/);
  backup.resolve();
  await held;
  await setting.ana.until(/k8s-dev \(VM 5000\) is stopped/);

  assert.equal(machinesOf(setting.lab)[0]?.power, 'stopped');
});

test('without a majority nothing is begun; it goes on when the majority is back', async () => {
  await using setting = await startSetting();
  setting.lab.state.quorate = false;

  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/no quorum.* Trying again in/);
  const during = machinesOf(setting.lab).length;
  setting.lab.state.quorate = true;
  await setting.ana.until(/k8s-dev is ready/);

  assert.deepEqual([during, machinesOf(setting.lab).length], [0, 1]);
});

test('a template on storage of one node is not cloned to another one, and says so', async () => {
  await using setting = await startSetting({ templates: [{ node: 'pve1', storage: 'fast' }] });

  await setting.ana.type('/vm create k8s-dev small --node pve2');
  await setting.ana.until(/There is no template lab-debian on pve2 yet\./);

  assert.equal(callsOf(setting.lab, /^POST .*\/clone$/), 0);
});

test('silent agents are asked one at a time on each node, however many VMs boot', async () => {
  let most = 0;
  const engine = await countProbes((now) => {
    most = Math.max(most, now);
  });
  await using _engine = engine;
  await using setting = await startSetting({ lab: { engine, agentTimeoutMs: 60 }, workers: 2 });

  const names = ['one', 'two', 'three', 'four'];
  await Promise.all(names.map((name) => setting.ana.type(`/vm create ${name} small --node pve1`)));
  for (const name of names) await setting.ana.until(new RegExp(`${name} is ready`));

  assert.equal(most, 1);
});

/** Machines that take a while to boot; tells how many questions are open to agents that have not answered yet. */
async function countProbes(tell: (now: number) => void): Promise<Engine> {
  const engine = await startSimulated({ times: { ...quickTimes, bootMs: 300, lingerMs: 500 } });
  const answered = new Set<number>();
  let open = 0;
  return {
    ...engine,
    async agent(...given) {
      if (answered.has(given[0])) return engine.agent(...given);
      tell(++open);
      try {
        const answer = await engine.agent(...given);
        answered.add(given[0]);
        return answer;
      } finally {
        open -= 1;
      }
    },
  };
}
