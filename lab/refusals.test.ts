import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiForTests } from './api-for-tests.ts';
import { startLab } from './start.ts';

const template = { vmid: 9000, name: 'ubuntu-24.04' };

/** Method, path, parameters → status, reason. */
const refusals: readonly (readonly [string, string, string, Record<string, string | number>, number, string])[] = [
  [
    'a missing VM is a 500, never a 404',
    'GET',
    '/nodes/pve1/qemu/999/config',
    {},
    500,
    "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist",
  ],
  [
    'a missing source of a clone has words of its own',
    'POST',
    '/nodes/pve1/qemu/999/clone',
    { newid: 200 },
    500,
    "unable to find configuration file for VM 999 on node 'pve1'",
  ],
  [
    'a VM of another node is missing on this one',
    'GET',
    '/nodes/pve2/qemu/9000/config',
    {},
    500,
    "Configuration file 'nodes/pve2/qemu-server/9000.conf' does not exist",
  ],
  ['an unknown path is not implemented', 'GET', '/nope', {}, 501, "Method 'GET /nope' not implemented"],
  [
    'an unknown node has no address',
    'GET',
    '/nodes/pve9/qemu',
    {},
    500,
    "hostname lookup 'pve9' failed - failed to get address info for: pve9: Temporary failure in name resolution",
  ],
  [
    'a clone cannot take a number that is taken',
    'POST',
    '/nodes/pve1/qemu/9000/clone',
    { newid: 9000 },
    500,
    'unable to create VM 9000: config file already exists',
  ],
  [
    'a linked clone stays on its template’s storage',
    'POST',
    '/nodes/pve1/qemu/9000/clone',
    { newid: 200, full: 0, storage: 'fast' },
    500,
    "parameter 'storage' not allowed for linked clones",
  ],
  [
    'a clone to another node needs shared storage',
    'POST',
    '/nodes/pve1/qemu/9000/clone',
    { newid: 200, target: 'pve2' },
    500,
    "can't clone VM to node 'pve2' (VM uses local storage)",
  ],
  [
    'a clone to a node that does not exist',
    'POST',
    '/nodes/pve1/qemu/9000/clone',
    { newid: 200, target: 'pve9' },
    500,
    "no such cluster node 'pve9'",
  ],
  ['a change of nothing', 'PUT', '/nodes/pve1/qemu/9000/config', {}, 500, 'no options specified'],
  [
    'a stale digest',
    'PUT',
    '/nodes/pve1/qemu/9000/config',
    { cores: 2, digest: '0'.repeat(40) },
    500,
    'checksum mismatch (file change by other user?)',
  ],
  [
    'arguments for QEMU are for root alone',
    'PUT',
    '/nodes/pve1/qemu/9000/config',
    { args: '-S' },
    500,
    "only root can set 'args' config",
  ],
  ['the agent of a VM without power', 'POST', '/nodes/pve1/qemu/9000/agent/ping', {}, 500, 'VM 9000 is not running'],
  [
    'a template is not made twice',
    'POST',
    '/nodes/pve1/qemu/9000/template',
    {},
    500,
    "you can't convert a template to a template",
  ],
  ['a reset of a VM without power', 'POST', '/nodes/pve1/qemu/9000/status/reset', {}, 500, 'VM 9000 not running'],
  ['an unknown storage', 'GET', '/nodes/pve1/storage/nope/content', {}, 500, "storage 'nope' does not exist"],
];

/** Method, path, parameters → the complaint about each parameter. */
const complaints: readonly (readonly [string, string, Record<string, string | number>, Record<string, string>])[] = [
  [
    'POST',
    '/nodes/pve1/qemu',
    { vmid: 99, name: 'a_b', bogus: 1, cores: 'x' },
    {
      vmid: 'invalid format - value does not look like a valid VM ID\n',
      name: 'invalid format - value does not look like a valid DNS name\n',
      bogus: 'property is not defined in schema and the schema does not allow additional properties',
      cores: "type check ('integer') failed - got 'x'",
    },
  ],
  [
    'POST',
    '/nodes/pve1/qemu',
    { vmid: 300, sshkeys: 'ssh-ed25519 AAAA' },
    { sshkeys: 'invalid format - invalid urlencoded string: ssh-ed25519 AAAA\n' },
  ],
  [
    'POST',
    '/nodes/pve1/qemu',
    { vmid: 300, net0: 'bridge=vmbr0' },
    { net0: 'invalid format - format error\nnet0.model: property is missing and it is not optional\n' },
  ],
  ['GET', '/cluster/nextid', { vmid: 9000 }, { vmid: 'VM 9000 already exists' }],
  [
    'POST',
    '/nodes/pve1/qemu/9000/clone',
    { newid: 200, cores: 2 },
    { cores: 'property is not defined in schema and the schema does not allow additional properties' },
  ],
  [
    'PUT',
    '/nodes/pve1/qemu/9000/resize',
    { disk: 'scsi0', size: '1GB' },
    { size: 'value does not match the regex pattern' },
  ],
  ['PUT', '/nodes/pve1/qemu/9000/config', { delete: 'nosuch' }, { delete: "unknown option 'nosuch'" }],
  ['GET', '/nodes/pve1/tasks/notaupid/status', {}, { upid: 'unable to parse worker upid' }],
];

test('refuses in the words and with the status of Proxmox', async () => {
  await using lab = await startLab({ templates: [template] });
  const api = apiForTests(lab);

  for (const [about, method, path, params, status, reason] of refusals) {
    const answer = await api.call(method, path, params);

    assert.deepEqual([answer.status, answer.reason], [status, reason], about);
  }
});

test('a container’s number is taken for VMs too', async () => {
  await using lab = await startLab({ templates: [template] });
  lab.state.containers.push({ vmid: 200, node: 'pve2', name: 'proxy' });
  const api = apiForTests(lab);

  const [next, made, cloned] = [
    await api.call('GET', '/cluster/nextid', { vmid: 200 }),
    await api.call('POST', '/nodes/pve1/qemu', { vmid: 200 }),
    await api.call('POST', '/nodes/pve1/qemu/9000/clone', { newid: 200 }),
  ];

  const errors = { vmid: 'VM 200 already exists' };
  assert.deepEqual(next.body, { data: null, message: 'Parameter verification failed.\n', errors });
  assert.equal(made.reason, "unable to create VM 200 - CT 200 already exists on node 'pve2'");
  assert.match(cloned.reason, /^close \(rename\) atomic file '.*\/pve1\/qemu-server\/200\.conf' failed: File exists$/);
});

test('a VM with more CPUs than its node is made, and does not start', async () => {
  await using lab = await startLab({ nodes: [{ name: 'pve1', cpus: 8 }] });
  const api = apiForTests(lab);

  const made = await api.task('POST', '/nodes/pve1/qemu', { vmid: 100, sockets: 2, cores: 5 });
  const started = await api.task('POST', '/nodes/pve1/qemu/100/status/start');

  assert.deepEqual([made, started], ['OK', 'MAX 8 vcpus allowed per VM on this node']);
});

test('names every wrong parameter at once', async () => {
  await using lab = await startLab({ templates: [template] });
  const api = apiForTests(lab);

  for (const [method, path, params, errors] of complaints) {
    const answer = await api.call(method, path, params);

    assert.deepEqual([answer.status, answer.reason], [400, 'Parameter verification failed.'], path);
    assert.deepEqual(answer.body, { data: null, message: 'Parameter verification failed.\n', errors });
  }
});
