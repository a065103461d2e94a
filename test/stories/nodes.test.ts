import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '#lab/start.ts';
import { textOf } from '../console.ts';
import { leftOf, machinesOf, nothing, type Setting, startSetting, type Written } from '../setting.ts';

/** Each node at an address of its own, and the bot knows both. */
const bothNodes = {
  lab: { doors: 'each' },
  change: (written: Written, lab: Lab): Written => ({
    ...written,
    clusters: written.clusters.map((one) => ({ ...one, hosts: Object.values(lab.urls) })),
  }),
} as const;

function setOnline({ lab }: Setting, name: string, online: boolean): void {
  for (const node of lab.state.nodes) if (node.name === name) node.online = online;
}

async function createVm(setting: Setting, line = '/vm create k8s-dev small'): Promise<void> {
  await setting.ana.type(line);
  await setting.ana.until(/k8s-dev is ready/);
}

test('a node that goes away in the middle of a create and comes back costs time only', async () => {
  const lab = { ...bothNodes.lab, times: { bootMs: 600 } };
  await using setting = await startSetting({ ...bothNodes, lab });
  await setting.ana.type('/vm create k8s-dev small --node pve1');
  await setting.ana.until(/\[running\] Wait for the guest agent/);

  setOnline(setting, 'pve1', false);
  await setting.ana.until(/Proxmox lab: .*No route to host\)\. Trying again in|established\. Trying again in/);
  setOnline(setting, 'pve1', true);
  await setting.ana.until(/k8s-dev is ready/);

  assert.equal(machinesOf(setting.lab).length, 1);
  assert.deepEqual((await leftOf(setting)).claims, []);
});

test('what lies on a node that stays away waits for a person, who is told what is left', async () => {
  const lab = { ...bothNodes.lab, times: { bootMs: 60_000 } };
  await using setting = await startSetting({ ...bothNodes, lab, times: { longestPause: 40 } });
  await setting.ana.type('/vm create k8s-dev small --node pve1');
  await setting.ana.until(/\[running\] Wait for the guest agent/);
  setOnline(setting, 'pve1', false);

  await setting.ana.press('Cancel');
  const card = await setting.ana.until(/create k8s-dev on pve1 needs a person/);
  setOnline(setting, 'pve1', true);
  await setting.ana.press('Roll back');
  await setting.ana.until(/create k8s-dev on pve1 was cancelled/);

  assert.match(
    textOf(card),
    /Still there: "Clone lab-debian .* could not be taken back: .*the node pve1 can't be reached/,
  );
  assert.deepEqual(await leftOf(setting), nothing);
});

test('each node’s own address takes the calls for the other one too', async () => {
  await using setting = await startSetting({ ...bothNodes, templates: [] });

  await setting.ana.type('/template build lab-debian --node pve2');
  await setting.ana.until(/lab-debian is ready/);
  await createVm(setting, '/vm create k8s-dev small --node pve2');

  const upload = setting.lab.cluster.tasks.all().find(({ type }) => type === 'imgcopy');
  assert.equal(upload?.node, 'pve1');
  assert.equal(machinesOf(setting.lab)[0]?.node, 'pve2');
});

test('a node that is offline keeps nobody from making VMs on the others', async () => {
  const nodes = ['pve1', 'pve2', 'pve3'];
  const templates = nodes.map((node) => ({ node }));
  await using setting = await startSetting({ ...bothNodes, lab: { ...bothNodes.lab, nodes }, templates });
  await createVm(setting, '/vm create k8s-dev small --node pve1');
  setOnline(setting, 'pve1', false);

  await setting.ana.type('/vm list');
  await setting.ana.until(/k8s-dev \| 5000 \| pve1 \| unknown/);
  await setting.ana.type('/vm create other small');
  await setting.ana.until(/other is ready/);
  await setting.ana.type('/vm create third small --node pve1');
  await setting.ana.until(/pve1 does not have room for 2 GiB of memory: pve1 is offline\./);

  assert.deepEqual(
    machinesOf(setting.lab).map(({ name, node }) => [name, node]),
    [
      ['k8s-dev', 'pve1'],
      ['other', 'pve2'],
    ],
  );
});

test('a template that stands on a node that is offline is missing, and the sentence says why', async () => {
  await using setting = await startSetting(bothNodes);
  setOnline(setting, 'pve1', false);

  await setting.ana.type('/vm create k8s-dev small');
  const card = await setting.ana.until(
    /There is no template lab-debian in lab that can be used now: pve1 is offline\./,
  );

  assert.match(textOf(card), /<Build it, then create>/);
});
