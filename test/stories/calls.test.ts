import assert from 'node:assert/strict';
import { test } from 'node:test';
import { realisticTimes } from '#lab/simulated/times.ts';
import { countedCalls } from '../counted-calls.ts';
import { type Setting, startSetting } from '../setting.ts';

/** How often each call was made since the last time, and how long that took in whole seconds. */
async function callsOf(setting: Setting, line: string, done: RegExp) {
  setting.lab.calls.clear();
  const began = performance.now();
  await setting.ana.type(line);
  await setting.ana.until(done, 40_000);
  const seconds = Math.ceil((performance.now() - began) / 1000);
  const calls = Object.fromEntries(setting.lab.calls);
  return { calls, seconds };
}

/** Fails with the calls that were too many. */
function assertAtMost(base: number, { calls, seconds }: Awaited<ReturnType<typeof callsOf>>): void {
  const counted = countedCalls(calls);
  const most = base + seconds;
  assert.ok(counted <= most, `${counted} calls in ${seconds} s, and not ${most}: ${JSON.stringify(calls, null, 1)}`);
}

/** Calls that list something, of which a plan needs none twice. */
const listsIn = (calls: Readonly<Record<string, number>>) =>
  Object.entries(calls).filter(([call]) =>
    /^GET (\/nodes|\/cluster\/resources|.*\/(qemu|storage|content|tasks))$/.test(call),
  );

test('a create asks Proxmox for what it needs, and once a second while it waits', async () => {
  const nodes = ['pve1', 'pve2', 'pve3'];
  // It is over before the address index, 15 s after the start, reads a list of its own.
  const times = { ...realisticTimes, bootMs: 2_000, sshMs: 2_000, cloudInitMs: 3_000 };
  await using setting = await startSetting({ lab: { nodes, times } });

  const create = await callsOf(setting, '/vm create k8s-dev medium', /k8s-dev is ready/);

  assertAtMost(15, create);
  for (const [call, times] of listsIn(create.calls)) assert.equal(times, 1, call);
});

test('stop, resize and start ask no more, whether the VM runs or not', async () => {
  await using setting = await startSetting({ lab: { times: { shutdownMs: 3_000 } } });
  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/k8s-dev is ready/);

  const restarted = await callsOf(setting, '/vm resize k8s-dev --cpus 3 --disk 60G --restart', /k8s-dev has 3 CPUs/);
  const stop = await callsOf(setting, '/vm stop k8s-dev', /k8s-dev \(VM \d+\) is stopped/);
  const resize = await callsOf(setting, '/vm resize k8s-dev large', /k8s-dev has 4 CPUs/);
  const start = await callsOf(setting, '/vm start k8s-dev', /k8s-dev \(VM \d+\) is running/);

  for (const one of [restarted, stop, resize, start]) assertAtMost(10, one);
});

test('a create asks no more calls among many VMs, on any number of nodes', async () => {
  const few = await startSetting({ lab: { nodes: ['pve1', 'pve2', 'pve3'] } });
  await using _few = few;
  await using many = await startSetting({ lab: { nodes: Array.from({ length: 9 }, (_, index) => `pve${index + 1}`) } });
  const { state } = many.lab;
  const [template] = state.guests;
  for (let vmid = 10_000; template && vmid < 10_400; vmid++) {
    const config = { ...template.config, name: `vm-${vmid}`, template: '0', description: '' };
    state.guests.push({ ...template, vmid, node: `pve${(vmid % 9) + 1}`, config });
  }

  const one = await callsOf(few, '/vm create k8s-dev small', /k8s-dev is ready/);
  const other = await callsOf(many, '/vm create k8s-dev small', /k8s-dev is ready/);

  const plan = /^GET (\/cluster\/|\/nodes$|.*\/(storage|qemu)$)/;
  const reads = ({ calls }: typeof one) => Object.entries(calls).filter(([call]) => plan.test(call));
  assert.deepEqual(
    reads(other).filter(([call]) => !/storage$/.test(call)),
    reads(one).filter(([call]) => !/storage$/.test(call)),
  );
  assert.ok((other.calls['GET /nodes/{node}/storage'] ?? 0) <= 2);
});
