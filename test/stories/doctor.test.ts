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
  assert.match(report, /pvesm set local --content …,import/);
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
