import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiForTests } from './api-for-tests.ts';
import { described } from './schema-for-tests.ts';
import { startSimulated } from './simulated/engine.ts';
import { quickTimes } from './simulated/times.ts';
import { startLab } from './start.ts';

const path = '/nodes/pve1/qemu/9001/sendkey';
const template = { vmid: 9000, name: 'debian-12' };

for (const profile of ['8.4', '9.2'] as const) {
  test(`${profile} types keys by the names of QEMU’s monitor, and hands on what the monitor says against one`, async () => {
    await using engine = await startSimulated({ times: quickTimes });
    await using lab = await startLab({ profile, engine, templates: [template], ...described(profile) });
    const api = apiForTests(lab);
    await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 9001 });
    await api.task('POST', '/nodes/pve1/qemu/9001/status/start');
    const reason = async (key: string) => (await api.call('PUT', path, { key })).reason;

    for (const key of ['esc', 'shift-a', 'ctrl-alt-delete', '0x1e', 'ret 200'])
      assert.equal(await reason(key), 'OK', key);
    const wrong = [await reason('Enter'), await reason('ctrl-'), await reason('a b'), await reason('')];

    assert.deepEqual(engine.keysOf(9001), ['esc', 'shift-a', 'ctrl-alt-delete', '0x1e', 'ret']);
    assert.deepEqual(wrong, [
      'invalid parameter: Enter',
      'invalid parameter: ',
      "invalid char 'b' in expression",
      'sendkey: string expected',
    ]);
    assert.deepEqual(lab.violations, []);
  });

  test(`${profile} types nothing into a VM that is off, without VM.Console, or past a lock for a token`, async () => {
    await using lab = await startLab({ profile, templates: [template] });
    const api = apiForTests(lab);
    await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 9001 });
    await api.call('POST', '/access/users', { userid: 'ana@pve' });
    await api.call('PUT', '/access/acl', { path: '/vms', roles: 'PVEAuditor', users: 'ana@pve' });
    const made = await api.call('POST', '/access/users/ana@pve/token/t', { privsep: 0 });
    const ana = apiForTests(lab, `ana@pve!t=${(made.body as { data: { value: string } }).data.value}`);

    const off = await api.call('PUT', path, { key: 'ret' });
    const gone = await api.call('PUT', '/nodes/pve1/qemu/999/sendkey', { key: 'ret' });
    const auditor = await ana.call('PUT', path, { key: 'ret' });
    const skipping = await api.call('PUT', path, { key: 'ret', skiplock: 1 });
    const nothing = await api.call('PUT', path);

    assert.deepEqual([off.status, off.reason], [500, 'VM 9001 not running']);
    assert.equal(gone.reason, "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist");
    assert.deepEqual([auditor.status, auditor.reason], [403, 'Permission check failed (/vms/9001, VM.Console)']);
    assert.deepEqual((skipping.body as { errors: object }).errors, { skiplock: 'Only root may use this option.' });
    assert.deepEqual((nothing.body as { errors: object }).errors, {
      key: 'property is missing and it is not optional',
    });
  });
}
