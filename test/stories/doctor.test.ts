import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../console.ts';
import { rightsFor, takeAway, withMinimalRole } from '../minimal-role.ts';
import { type Setting, startSetting, untilTrue, type Written } from '../setting.ts';

/** What `/bot doctor` says now. */
async function askDoctor({ ana }: Setting): Promise<string> {
  const known = new Set(ana.messages.keys());
  const answer = () => {
    const fresh = [...ana.messages.values()].filter(({ id }) => !known.has(id));
    const cards = fresh.flatMap(({ content }) => (content.kind === 'card' ? [textOf(content.card)] : []));
    return cards.find((text) => text.startsWith('Proxmox lab'));
  };
  await ana.type('/bot doctor');
  await untilTrue(() => answer() !== undefined);
  return answer() ?? '';
}

for (const profile of ['8.4', '9.2'] as const) {
  test(`on ${profile} the documented role is enough, and of each privilege taken away just that one is named`, async () => {
    await using setting = await startSetting({ lab: { profile }, change: withMinimalRole });
    const whole = await askDoctor(setting);

    const rights = rightsFor(setting.config, profile);
    const said: string[] = [];
    for (const right of rights) {
      const giveBack = takeAway(setting.lab, right);
      said.push(await askDoctor(setting));
      giveBack();
    }

    assert.match(whole, new RegExp(`✓ \\| Privileges \\| The token has all ${rights.length} privileges`));
    assert.doesNotMatch(whole, /^[✗!] /m);
    assert.deepEqual(
      said.map((text) => text.split('\n').filter((line) => line.startsWith('✗'))),
      rights.map(({ path, privilege }) => [`✗ | Privileges | The token lacks ${privilege} on ${path}.`]),
    );
  });
}

test('what is not as it must be is said with what to do about it', async () => {
  await using setting = await startSetting({ templates: [] });
  const { state } = setting.lab;
  state.storages = state.storages.map((one) => (one.storage === 'local' ? { ...one, content: ['iso'] } : one));
  state.nodes = state.nodes.map((one) => (one.name === 'pve2' ? { ...one, online: false } : { ...one, bridges: [] }));

  const report = await askDoctor(setting);

  assert.match(report, /! \| Nodes \| pve2 is offline\./);
  assert.match(report, /✗ \| Storage for images \| local does not take import on pve1\./);
  assert.match(report, /pvesm set local --content iso,import/);
  assert.match(report, /✗ \| Bridge \| There is no bridge vmbr0 on pve1\./);
  assert.match(report, /! \| Templates \| lab-debian is not built\.[\s\S]*\/template build lab-debian/);
});

test('a certificate that is not the pinned one, and a token that is refused, are told apart', async () => {
  const clusters = (written: Written, more: object) => written.clusters.map((one) => ({ ...one, ...more }));
  const pin = { tls: { fingerprints: ['AB'.repeat(32)] } };
  const token = { token: { id: 'botswain@pve!lab', secret: 'wrong' } };
  await using pinned = await startSetting({ change: (written) => ({ ...written, clusters: clusters(written, pin) }) });
  await using refused = await startSetting({
    change: (written) => ({ ...written, clusters: clusters(written, token) }),
  });

  const [certificate, login] = await Promise.all([askDoctor(pinned), askDoctor(refused)]);

  assert.match(certificate, /✗ \| Connection \| .*its certificate is none of those in tls\.fingerprints/);
  assert.match(login, /✗ \| Connection \| .*the API token botswain@pve!lab was refused/);
});

/** The same configuration with other settings of its one cluster. */
const clusterWith = (more: object) => (written: Written) => ({
  ...written,
  clusters: written.clusters.map((one) => ({ ...one, ...more })),
});

test('a storage that is disabled, another that one node lacks, and a misspelt one are told apart', async () => {
  const storages = { disks: 'nas', images: 'lcoal', seeds: 'local' };
  await using setting = await startSetting({ change: clusterWith({ storages }) });
  const { state } = setting.lab;
  state.storages = state.storages.map((one) => (one.storage === 'nas' ? { ...one, disabled: true } : one));

  const report = await askDoctor(setting);

  assert.match(report, /✗ \| Storage for disks \| nas is disabled on pve1, pve2\./);
  assert.match(report, /pvesm set nas --disable 0/);
  assert.match(report, /✗ \| Storage for images \| There is no storage lcoal\./);
  assert.match(report, /storages\.images\. .*local/);
  assert.doesNotMatch(report, /--content/);
});

test('to a token that may see little, a misspelt storage or bridge may be one that it may not see', async () => {
  const storages = { disks: 'nas', images: 'lcoal', seeds: 'local' };
  await using setting = await startSetting({
    change: (written, lab) => clusterWith({ storages, bridge: 'vmbr9' })(withMinimalRole(written, lab)),
  });

  const report = await askDoctor(setting);

  assert.match(
    report,
    /– \| Storage for images \| The token sees no storage lcoal: it lacks .*, or there is none of that name \(it sees local, nas\)/,
  );
  assert.match(report, /When lcoal is the right name \(pvesm status\)/);
  assert.match(report, /When vmbr9 is the right name \(ip link\)/);
  assert.match(report, /– \| Bridge \| The token sees no bridge vmbr9: .*\(it sees vmbr0\)/);
});

test('without Datastore.AllocateSpace a storage that can be seen is looked at all the same', async () => {
  await using setting = await startSetting({ change: withMinimalRole });
  const space = rightsFor(setting.config, '9.2').find(({ privilege }) => privilege === 'Datastore.AllocateSpace');
  assert.ok(space);
  takeAway(setting.lab, space);
  setting.lab.state.roles['Minimal-storage-nas'] = ['Datastore.Audit'];

  const report = await askDoctor(setting);

  assert.match(report, /✗ \| Privileges \| The token lacks Datastore\.AllocateSpace on \/storage\/nas\./);
  assert.match(report, /✓ \| Storage for disks \| nas takes images on pve1, pve2, shared by all\./);
});

test('a node that is not there is said beside those that are; when all are away nothing else is said to be well', async () => {
  await using unknown = await startSetting({ change: clusterWith({ nodes: ['pve1', 'pve9'] }) });
  await using away = await startSetting({ change: clusterWith({ nodes: ['pve2'] }) });
  away.lab.state.quorate = true;
  away.lab.state.nodes = away.lab.state.nodes.map((one) => (one.name === 'pve2' ? { ...one, online: false } : one));

  const [one, other] = await Promise.all([askDoctor(unknown), askDoctor(away)]);

  assert.match(one, /✗ \| Nodes \| There is no node pve9; the cluster has pve1, pve2\./);
  assert.match(one, /✓ \| Nodes \| pve1 is online\./);
  assert.match(other, /✗ \| Nodes \| pve2 is offline\. No node is left\./);
  assert.doesNotMatch(other, /(Storage|Bridge|Clocks).* on \./);
});

test('a pool that the cluster or a channel names and that is not there is said; one that is there is well', async () => {
  const channels = [
    { place: 'web:ops', pool: 'dev' },
    { place: 'web:lab', pool: 'devv' },
  ];
  await using setting = await startSetting({
    change: (written) => ({ ...clusterWith({ pool: 'nope' })(written), channels }),
  });
  setting.lab.state.pools = [...setting.lab.state.pools, { poolid: 'dev', comment: undefined }];

  const report = await askDoctor(setting);

  assert.match(report, /✗ \| Pool \| There is no pool nope in lab\.[\s\S]*pveum pool add nope/);
  assert.match(report, /✓ \| Pool \| There is a pool dev\./);
  assert.match(report, /✗ \| Pool \| There is no pool devv in lab\.[\s\S]*Did you mean dev\?/);
});

test('a channel’s pool that the token may not look at is asked for with the line that gives it', async () => {
  const channels = [{ place: 'web:ops', pool: 'dev' }];
  await using setting = await startSetting({
    change: (written, lab) => ({ ...withMinimalRole(written, lab), channels }),
  });

  const report = await askDoctor(setting);

  assert.match(report, /✗ \| Privileges \| The token lacks Pool\.Audit on \/pool\/dev\./);
  assert.match(
    report,
    /– \| Pool \| dev was not looked at: whether there is such a pool takes Pool\.Audit on \/pool\/dev/,
  );
  assert.match(report, /When dev is the right name \(pveum pool list\)/);
});

test('a template on a node that is offline is said to be there', async () => {
  await using setting = await startSetting({ templates: [{ node: 'pve2', storage: 'local' }] });
  const { state } = setting.lab;
  state.quorate = true;
  state.nodes = state.nodes.map((one) => (one.name === 'pve2' ? { ...one, online: false } : one));

  const report = await askDoctor(setting);

  assert.match(report, /! \| Nodes \| pve2 is offline\./);
  assert.match(report, /✗ \| Templates \| lab-debian is VM 9000 on pve2, which is offline\./);
  assert.doesNotMatch(report, /is not built/);
});
