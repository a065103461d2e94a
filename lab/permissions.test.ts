import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ApiForTests, apiForTests } from './api-for-tests.ts';
import { type Lab, startLab } from './start.ts';

const template = { vmid: 9000, name: 'debian-12' };

/** Another user's token, made over the API. */
async function newToken(lab: Lab, userid: string, options: object = {}): Promise<ApiForTests> {
  const admin = apiForTests(lab);
  await admin.call('POST', '/access/users', { userid, ...options });
  const made = await admin.call('POST', `/access/users/${userid}/token/t`, { privsep: 0 });
  return apiForTests(lab, `${userid}!t=${(made.body as { data: { value: string } }).data.value}`);
}

const may = async (api: ApiForTests, path: string) => (await api.call('GET', path)).reason;
const grant = (lab: Lab, params: Record<string, string | number>) =>
  apiForTests(lab).call('PUT', '/access/acl', params);

test('a group’s rights are its members’, and what is said of a user goes before them', async () => {
  await using lab = await startLab({ templates: [template] });
  await apiForTests(lab).call('POST', '/access/groups', { groupid: 'ops' });
  const ana = await newToken(lab, 'ana@pve', { groups: 'ops' });
  const config = '/nodes/pve1/qemu/9000/config';

  const before = await may(ana, config);
  await grant(lab, { path: '/vms', roles: 'PVEAuditor', groups: 'ops' });
  const member = await may(ana, config);
  await grant(lab, { path: '/vms', roles: 'NoAccess', users: 'ana@pve' });
  const shutOut = await may(ana, config);

  const refused = 'Permission check failed (/vms/9000, VM.Audit)';
  assert.deepEqual([before, member, shutOut], [refused, 'OK', refused]);
});

test('a role that is not passed on holds at its own path alone', async () => {
  await using lab = await startLab({ templates: [template] });
  const ana = await newToken(lab, 'ana@pve');
  const config = '/nodes/pve1/qemu/9000/config';

  await grant(lab, { path: '/vms', roles: 'PVEAuditor', users: 'ana@pve', propagate: 0 });
  const above = await may(ana, config);
  await grant(lab, { path: '/vms/9000', roles: 'PVEAuditor', users: 'ana@pve', propagate: 0 });

  assert.deepEqual([above, await may(ana, config)], ['Permission check failed (/vms/9000, VM.Audit)', 'OK']);
});

test('a separated token may do what both it and its user may', async () => {
  await using lab = await startLab({ templates: [template] });
  const admin = apiForTests(lab);
  await admin.call('POST', '/access/users', { userid: 'ana@pve' });
  const made = await admin.call('POST', '/access/users/ana@pve/token/ci', { privsep: 1 });
  const api = apiForTests(lab, `ana@pve!ci=${(made.body as { data: { value: string } }).data.value}`);

  await grant(lab, { path: '/vms', roles: 'PVEVMAdmin', users: 'ana@pve' });
  const userOnly = await api.get('/access/permissions');
  await grant(lab, { path: '/vms', roles: 'PVETemplateUser', tokens: 'ana@pve!ci' });

  assert.deepEqual(userOnly, {});
  assert.deepEqual(await api.get('/access/permissions'), { '/vms': { 'VM.Audit': 1, 'VM.Clone': 1 } });
});

test('a user who is past the last day is refused as one who is unknown', async () => {
  await using lab = await startLab();
  const ana = await newToken(lab, 'ana@pve', { expire: 1 });

  assert.equal(await may(ana, '/version'), 'Authentication failed!');
});

test('a cloud-init drive takes two privileges, a disc one, a disk another', async () => {
  await using lab = await startLab({ templates: [template] });
  const ana = await newToken(lab, 'ana@pve');
  const put = async (params: Record<string, string>) =>
    (await ana.call('PUT', '/nodes/pve1/qemu/9000/config', params)).reason;
  const role = (privs: string) => apiForTests(lab).call('PUT', '/access/roles/R', { privs });
  await apiForTests(lab).call('POST', '/access/roles', { roleid: 'R', privs: '' });
  await grant(lab, { path: '/vms', roles: 'R', users: 'ana@pve' });
  await grant(lab, { path: '/storage', roles: 'PVEDatastoreUser', users: 'ana@pve' });

  await role('VM.Config.CDROM');
  const drive = await put({ ide0: 'local:cloudinit' });
  const disk = await put({ scsi1: 'local:1' });
  const disc = await put({ ide0: 'none,media=cdrom' });
  await role('VM.Config.Network');
  const user = await put({ ciuser: 'ana' });

  assert.equal(drive, 'Permission check failed (/vms/9000, VM.Config.Cloudinit)');
  assert.equal(disk, 'Permission check failed (/vms/9000, VM.Config.Disk)');
  assert.deepEqual([disc, user], ['OK', 'OK']);
});

test('a list has the VMs of a pool that the caller may see, and not the one that an entry shuts off', async () => {
  await using lab = await startLab({ templates: [template] });
  const admin = apiForTests(lab);
  await admin.call('POST', '/pools', { poolid: 'web' });
  for (const vmid of [100, 101]) await admin.task('POST', '/nodes/pve1/qemu', { vmid, pool: 'web' });
  for (const vmid of [102, 103]) await admin.task('POST', '/nodes/pve1/qemu', { vmid });
  const ana = await newToken(lab, 'ana@pve');
  await grant(lab, { path: '/pool/web', roles: 'PVEVMAdmin', users: 'ana@pve' });
  await grant(lab, { path: '/vms/103', roles: 'PVEAuditor', users: 'ana@pve' });

  const seen = async (path: string) =>
    (await ana.get<{ vmid: number }[]>(path)).map(({ vmid }) => vmid).sort((a, b) => a - b);
  const before = [await seen('/cluster/resources?type=vm'), await seen('/nodes/pve1/qemu')];
  await admin.call('PUT', '/pools', { poolid: 'web', vms: '101', delete: 1 });
  const after = await seen('/cluster/resources?type=vm');

  assert.deepEqual(before, [
    [100, 101, 103],
    [100, 101, 103],
  ]);
  assert.deepEqual(after, [100, 103]);
});
