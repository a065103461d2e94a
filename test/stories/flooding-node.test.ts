import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '#lab/faults.ts';
import type { Lab } from '#lab/start.ts';
import { textOf } from '../console.ts';
import { machinesOf, type Setting, startSetting, type Written } from '../setting.ts';

const nodes = ['pve1', 'pve2', 'pve3'];

/** A cluster on each of whose nodes the template stands, on storage of its own. */
const threeNodes = {
  lab: { nodes },
  templates: nodes.map((node) => ({ node, storage: 'fast' })),
  change: (written: Written, _lab: Lab): Written => ({
    ...written,
    clusters: written.clusters.map((one) => ({ ...one, nodeTimeout: '2s' })),
  }),
};

/** Whatever is read of pve1 comes with an answer that is too long, or that never ends. */
function spoil({ lab }: Setting, mode: 'huge' | 'endless'): Fault {
  const fault: Fault = { method: 'GET', path: /^\/nodes\/pve1\//, mode, times: 1e6 };
  lab.faults.push(fault);
  return fault;
}

for (const mode of ['huge', 'endless'] as const) {
  test(`a node whose answers are ${mode} stops no create and no list: they go on with the others, and name it`, async () => {
    await using setting = await startSetting(threeNodes);
    await setting.ana.type('/vm create before small --node pve1');
    await setting.ana.until(/before is ready/);
    const fault = spoil(setting, mode);

    await setting.ana.type('/vm create k8s-dev small');
    const card = await setting.ana.until(/k8s-dev is ready/);
    await setting.ana.type('/vm list');
    await setting.ana.until(/before \| \d+ \| pve1 \| unknown[\s\S]*⚠ pve1 did not answer in time/);

    assert.match(textOf(card), /pve1 did not answer in time and was left out\./);
    assert.equal(machinesOf(setting.lab).find(({ name }) => name === 'k8s-dev')?.node, 'pve2');
    const calls = 1e6 - (fault.times ?? 0);
    assert.ok((fault.sent ?? 0) < calls * 40 * 1024 ** 2, `${fault.sent} bytes in ${calls} calls`);
  });
}

test('a clone whose answer is too long is found, and nothing is cloned twice', async () => {
  await using setting = await startSetting({ templates: [{ node: 'pve1' }] });
  setting.lab.faults.push({ method: 'POST', path: /\/clone$/, mode: 'huge' });

  await setting.ana.type('/vm create k8s-dev small --node pve1');
  await setting.ana.until(/k8s-dev is ready/);

  assert.equal(machinesOf(setting.lab).length, 1);
  assert.equal(setting.lab.calls.get('POST /nodes/{node}/qemu/{vmid}/clone'), 1);
});

test('a clone that writes a million lines into its log makes its VM, and the run keeps a few of them', async () => {
  await using setting = await startSetting({ templates: [{ node: 'pve1' }] });
  setting.lab.faults.push({ method: 'POST', path: /\/clone$/, mode: 'chatty' });

  await setting.ana.type('/vm create k8s-dev small --node pve1');
  await setting.ana.until(/k8s-dev is ready/);

  assert.equal(machinesOf(setting.lab).length, 1);
  assert.ok((setting.lab.calls.get('GET /nodes/{node}/tasks/{upid}/log') ?? 0) < 50);
});
