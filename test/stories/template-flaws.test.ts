import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '#lab/start.ts';
import { textOf } from '../console.ts';
import { withMinimalRole } from '../minimal-role.ts';
import { machinesOf, type Setting, startSetting, type Written } from '../setting.ts';

const doctor = /Proxmox lab/;

/** Types a line and answers the last card that says what is waited for. */
async function answerTo({ ana }: Setting, line: string, wanted: RegExp): Promise<string> {
  await ana.type(line);
  await ana.until(wanted);
  const cards = [...ana.messages.values()].flatMap(({ content }) =>
    content.kind === 'card' ? [textOf(content.card)] : [],
  );
  return cards.findLast((text) => wanted.test(text)) ?? '';
}

/** The template's configuration in the lab, to be spoilt. */
function templateOf({ lab }: Setting): Record<string, string> {
  const guest = lab.state.guests.find(({ vmid }) => vmid === 9000);
  assert.ok(guest);
  return guest.config;
}

/** The catalog calls VM 9000 `made`, by its number. */
const byNumber = (written: Written): Written => ({
  ...written,
  templates: { made: { vmid: 9000, user: 'debian' } },
  create: { ...written.create, template: 'made' },
});

const flaws = [
  ['cloud-init drive', 'ide2', /has no cloud-init drive/, /qm set 9000 --ide2 nas:cloudinit/],
  ['agent flag', 'agent', /does not say that the guest agent is installed/, /qm set 9000 --agent enabled=1/],
] as const;

for (const [what, key, said, mend] of flaws) {
  test(`a template without its ${what} is told in the plan and by the doctor, with what mends it`, async () => {
    await using setting = await startSetting();
    delete templateOf(setting)[key];

    const plan = await answerTo(setting, '/vm create web --dry-run', /Template/);
    const report = await answerTo(setting, '/bot doctor', doctor);

    for (const text of [plan, report]) {
      assert.match(text, said);
      assert.match(text, mend);
    }
  });
}

test('a template without a network card is refused before anything is made, with what mends it', async () => {
  await using setting = await startSetting();
  delete templateOf(setting).net0;

  const refused = await answerTo(setting, '/vm create web', /has no network card/);
  const report = await answerTo(setting, '/bot doctor', doctor);

  assert.match(refused, /On pve1: qm set 9000 --net0 virtio,bridge=vmbr0/);
  assert.match(report, /✗ \| Templates \| .*has no network card/);
  assert.deepEqual(machinesOf(setting.lab), []);
});

const absences = [
  ['is no template', (config: Record<string, string>) => delete config.template, /lab-debian on pve1 is no template/],
  ['has no disk', (config: Record<string, string>) => delete config.scsi0, /\(VM 9000 on pve1\) has no disk/],
] as const;

for (const [what, spoil, said] of absences) {
  test(`a catalog entry whose VM ${what} is called so`, async () => {
    await using setting = await startSetting({ change: byNumber });
    spoil(templateOf(setting));

    const refused = await answerTo(setting, '/vm create web', said);
    const report = await answerTo(setting, '/bot doctor', doctor);

    assert.match(refused, said);
    assert.match(report, said);
    assert.doesNotMatch(refused, /There is no template/);
  });
}

test('a catalog entry that names a number which nobody has says that', async () => {
  const change = (written: Written) => ({ ...byNumber(written), templates: { made: { vmid: 9999, user: 'debian' } } });
  await using setting = await startSetting({ change });

  const refused = await answerTo(setting, '/vm create web', /9999/);

  assert.match(refused, /made is VM 9999 by the catalog, and there is no such VM\./);
});

test('a template that the token may not see is not said to be missing, and the doctor gives the line for it', async () => {
  const pooled = (written: Written, lab: Lab) => {
    lab.state.pools.push({ poolid: 'bots', comment: undefined });
    const clusters = written.clusters.map((one) => ({ ...one, pool: 'bots' }));
    return withMinimalRole(byNumber({ ...written, clusters }), lab);
  };
  await using setting = await startSetting({ change: pooled });

  const refused = await answerTo(setting, '/vm create web', /9000/);
  const report = await answerTo(setting, '/bot doctor', doctor);

  assert.match(
    refused,
    /made is VM 9000 by the catalog, and that is a container, or a VM that the token may not see\./,
  );
  assert.match(report, /✗ \| Privileges \| The token lacks VM\.Audit, VM\.Clone on \/vms\/9000\./);
  assert.match(
    report,
    /pveum role add Botswain-vms-9000 -privs "VM\.Audit VM\.Clone" && pveum acl modify \/vms\/9000 -user minimal@pve/,
  );
});

test('a template with two sockets gives the CPUs that the card promises', async () => {
  await using setting = await startSetting();
  Object.assign(templateOf(setting), { sockets: '2', cores: '2', vcpus: '1' });

  await answerTo(setting, '/vm create web --cpus 2', /web is ready/);

  const [made] = machinesOf(setting.lab);
  assert.deepEqual([made?.config.cores, made?.config.sockets ?? '1', made?.config.vcpus], ['2', '1', undefined]);
});

test('a built template has the CPU type of the configuration, and its clones keep it', async () => {
  await using setting = await startSetting({ templates: [] });

  await answerTo(setting, '/vm create web --build-template', /web is ready/);

  assert.deepEqual(
    setting.lab.state.guests.map(({ config }) => config.cpu),
    ['x86-64-v2-AES', 'x86-64-v2-AES'],
  );
});

test('a node on which a template can’t be cloned is named by the doctor', async () => {
  await using setting = await startSetting({ templates: [{ node: 'pve1', storage: 'local' }] });

  const report = await answerTo(setting, '/bot doctor', doctor);

  assert.match(report, /✓ \| Templates \| lab-debian is 9000 on pve1\./);
  assert.match(
    report,
    /! \| Templates \| lab-debian can’t be cloned on pve2\.[\s\S]*\/template build lab-debian --node pve2/,
  );
});
