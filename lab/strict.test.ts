import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiForTests } from './api-for-tests.ts';
import { cloudInitFiles } from './cloud-init.ts';
import { makeKeyPair } from './host-key.ts';
import { readSeed } from './simulated/seed.ts';
import { startLab } from './start.ts';

const template = { vmid: 9000, name: 'debian-12' };
const config = '/nodes/pve1/qemu/9000/config';
const key = makeKeyPair().public;

for (const profile of ['8.4', '9.2'] as const) {
  test(`${profile} takes as ssh keys what ssh-keygen can read, line by line`, async () => {
    await using lab = await startLab({ profile, templates: [template] });
    const status = async (keys: string) =>
      (await apiForTests(lab).call('PUT', config, { sshkeys: encodeURIComponent(keys) })).status;

    assert.equal(await status(`${key} ana: laptop\n\nno-pty ${key}\n`), 200);
    for (const wrong of ['# Ana', '~/.ssh/id_ed25519.pub', 'ssh-ed25519 AAAA ana', `${key}\n<your key>`]) {
      assert.equal(await status(wrong), 400, wrong);
    }
  });

  test(`${profile} refuses addresses that are none`, async () => {
    await using lab = await startLab({ profile, templates: [template] });
    const status = async (ipconfig0: string) => (await apiForTests(lab).call('PUT', config, { ipconfig0 })).status;

    for (const right of ['ip=dhcp', 'ip=10.77.0.20/24,gw=10.77.0.1', 'ip6=auto', 'ip6=fd00::5/64,gw6=fd00::1']) {
      assert.equal(await status(right), 200, right);
    }
    for (const wrong of ['ip=300.1.1.1/24', 'ip=10.0.0.1/33', 'ip=10.0.0.1/24,gw=10.0.0.256', 'ip6=fd00::5', 'ip6=x']) {
      assert.equal(await status(wrong), 400, wrong);
    }
  });

  test(`${profile} gives no rights on a path of no known kind`, async () => {
    await using lab = await startLab({ profile });
    const grant = (path: string) =>
      apiForTests(lab).call('PUT', '/access/acl', { path, roles: 'PVEAuditor', users: 'root@pam' });

    const refused = await grant('/nonsense');

    assert.equal(refused.status, 400);
    assert.deepEqual((refused.body as { errors: object }).errors, { path: "invalid ACL path '/nonsense'" });
    for (const path of ['/', '/vms/100', '/pool/a/b', '/storage/nas', '/sdn/zones/localnetwork/vmbr0']) {
      assert.equal((await grant(path)).status, 200, path);
    }
  });

  test(`${profile} makes no volume over one that is there`, async () => {
    await using lab = await startLab({ profile });
    const make = () =>
      apiForTests(lab).call('POST', '/nodes/pve1/storage/nas/content', {
        vmid: 300,
        filename: 'vm-300-disk-0.qcow2',
        size: '1G',
        format: 'qcow2',
      });
    await make();

    const again = await make();

    assert.equal(again.status, 500);
    assert.match(again.reason, /already exists/);
  });

  test(`${profile} brings 17 roles along`, async () => {
    await using lab = await startLab({ profile });

    const roles = await apiForTests(lab).get<{ special: number }[]>('/access/roles');

    assert.equal(roles.filter(({ special }) => special === 1).length, 17);
  });

  test(`${profile} names the members of a pool among what one has rights on`, async () => {
    await using lab = await startLab({ profile, templates: [template] });
    const api = apiForTests(lab);
    await api.call('POST', '/pools', { poolid: 'bots' });
    await api.call('PUT', '/pools', { poolid: 'bots', vms: '9000' });
    await api.call('POST', '/access/users', { userid: 'bot@pve' });
    await api.call('PUT', '/access/acl', { path: '/pool/bots', roles: 'PVEVMUser', users: 'bot@pve' });
    const token = await api.call('POST', '/access/users/bot@pve/token/t', { privsep: 0 });
    const bot = apiForTests(lab, `bot@pve!t=${(token.body as { data: { value: string } }).data.value}`);

    const paths = Object.keys(await bot.get<object>('/access/permissions'));

    assert.deepEqual(paths.toSorted(), ['/pool/bots', '/vms/9000']);
  });
}

test('one key that YAML reads as a mapping keeps cloud-init from all of them', () => {
  const installed = (comment: string) => {
    const sshkeys = encodeURIComponent(`${key} ben\n${key} ${comment}\n`);
    return readSeed(cloudInitFiles(320, { name: 'k8s-dev', ciuser: 'debian', sshkeys })).users.debian?.length;
  };

  assert.equal(installed('ana'), 2);
  assert.equal(installed('ana: laptop'), 0);
});
