import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '#lab/start.ts';
import { textOf } from '../console.ts';
import { leftOf, machinesOf, nothing, type Setting, startSetting, type Written } from '../setting.ts';

const nodes = ['pve1', 'pve2', 'pve3'];

/** A cluster on each of whose nodes the template stands, on storage of its own. */
const threeNodes = {
  lab: { nodes },
  templates: nodes.map((node) => ({ node, storage: 'fast' })),
  change: (written: Written, _lab: Lab): Written => ({
    ...written,
    clusters: written.clusters.map((one) => ({ ...one, nodeTimeout: '700ms' })),
  }),
};

/** A storage of this node hangs: whoever asks the node waits. */
function hang({ lab }: Setting, node: string): void {
  lab.faults.push({ method: 'GET', path: new RegExp(`^/nodes/${node}/`), mode: 'hold', times: 1e6 });
}

test('a node that hangs stops no create: it goes on elsewhere, and says so', async () => {
  await using setting = await startSetting(threeNodes);
  hang(setting, 'pve1');

  await setting.ana.type('/vm create k8s-dev small');
  const card = await setting.ana.until(/k8s-dev is ready/);

  assert.equal(machinesOf(setting.lab)[0]?.node, 'pve2');
  assert.match(textOf(card), /pve1 did not answer in time and was left out\./);
});

test('a node that hangs is no reason to refuse `--node` of another, and is named where it is asked for', async () => {
  await using setting = await startSetting(threeNodes);
  hang(setting, 'pve1');

  await setting.ana.type('/vm create one small --node pve3');
  await setting.ana.until(/one is ready/);
  await setting.ana.type('/vm create two small --node pve1');
  const refused = await setting.ana.until(
    /two small --node pve1.*(refused|failed)|pve1 does not answer|pve1 did not answer/,
  );

  assert.match(textOf(refused), /pve1 (does|did) not answer/);
  assert.deepEqual(
    machinesOf(setting.lab).map(({ name, node }) => [name, node]),
    [['one', 'pve3']],
  );
});

test('lists and the doctor name a node that hangs, and tell of the others', async () => {
  await using setting = await startSetting(threeNodes);
  await setting.ana.type('/vm create k8s-dev small --node pve1');
  await setting.ana.until(/k8s-dev is ready/);
  hang(setting, 'pve1');

  await setting.ana.type('/node list');
  await setting.ana.until(/pve1 \| does not answer[\s\S]*pve2 \| online/);
  await setting.ana.type('/vm list');
  await setting.ana.until(/k8s-dev \| 5000 \| pve1 \| unknown[\s\S]*⚠ pve1 did not answer in time/);
  await setting.ana.type('/template list');
  await setting.ana.until(/9001 on pve2, 9002 on pve3[\s\S]*⚠ pve1 did not answer in time/);
  await setting.ana.type('/bot doctor');
  const doctor = await setting.ana.until(/pve1 did not answer within 700ms/);

  assert.match(textOf(doctor), /nas takes images on pve2, pve3(, shared by all)?\./);
});

test('a create whose only template is on a node that hangs says that, and leaves nothing', async () => {
  await using setting = await startSetting({ ...threeNodes, templates: [{ node: 'pve1', storage: 'nas' }] });
  hang(setting, 'pve1');

  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(
    /There is no template lab-debian in lab that can be used now: pve1 did not answer within 700ms\./,
  );

  assert.deepEqual(await leftOf(setting), nothing);
});
