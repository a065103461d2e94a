import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiForTests } from './api-for-tests.ts';
import { described } from './schema-for-tests.ts';
import { startLab } from './start.ts';

/** What each list holds for a token without any right; a number is the status of a refusal. */
const seen: Readonly<Record<string, number | readonly string[]>> = {
  '/cluster/resources': ['node/pve1', 'node/pve2'],
  '/cluster/resources?type=sdn': [],
  '/nodes': ['node/pve1', 'node/pve2'],
  '/pools': [],
  '/storage': [],
  '/nodes/pve1/storage': [],
  '/nodes/pve1/qemu': [],
  '/nodes/pve1/lxc': [],
  '/nodes/pve1/tasks': [],
  '/nodes/pve1/network': [],
  '/cluster/tasks': [],
  '/cluster/log': [],
  '/access/users': [],
  '/access/groups': [],
  '/access/acl': [],
  '/access/domains': ['pam', 'pve'],
  '/cluster/status': 403,
  '/cluster/backup': 403,
  '/cluster/ha/resources': 403,
  '/cluster/ha/status/current': 403,
  '/cluster/firewall/rules': 403,
  '/nodes/pve1/status': 403,
  '/nodes/pve1/storage/local/content': 403,
  '/nodes/pve1/storage/local/status': 403,
  '/nodes/pve1/qemu/100/config': 403,
  '/nodes/pve1/qemu/100/snapshot': 403,
  '/pools/dev': 403,
  '/access/groups/ops': 403,
  '/access/users/root@pam': 403,
  '/access/users/root@pam/token': 403,
};

for (const profile of ['8.4', '9.2'] as const) {
  test(`a token without rights sees in each list of ${profile} what Proxmox shows it, and no row more`, async () => {
    await using lab = await startLab({
      profile,
      templates: [{ vmid: 9000, name: 'debian-12' }],
      ...described(profile),
    });
    const admin = apiForTests(lab);
    await admin.call('POST', '/pools', { poolid: 'dev' });
    await admin.call('POST', '/access/groups', { groupid: 'ops' });
    await admin.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, pool: 'dev' });
    await admin.call('POST', '/access/users', { userid: 'ana@pve', groups: 'ops' });
    const made = await admin.call('POST', '/access/users/ana@pve/token/t', { privsep: 0 });
    const ana = apiForTests(lab, `ana@pve!t=${(made.body as { data: { value: string } }).data.value}`);

    for (const [path, expected] of Object.entries(seen)) {
      const { status, body } = await ana.call('GET', path);
      const rows = (body as { data: Record<string, unknown>[] | null }).data ?? [];

      assert.deepEqual(status === 200 ? rows.map(nameOf).toSorted() : status, expected, path);
    }
    assert.deepEqual(await ana.get('/access/permissions'), {});
    await admin.call('PUT', '/access/acl', { path: '/access/groups/ops', roles: 'PVEUserAdmin', users: 'ana@pve' });
    assert.deepEqual((await ana.get<{ userid: string }[]>('/access/users')).map(nameOf), ['ana@pve']);
  });
}

const nameOf = ({ id, userid, realm, ...rest }: Readonly<Record<string, unknown>>): unknown =>
  id ?? userid ?? realm ?? JSON.stringify(rest);
