import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiForTests, apiForTests } from './api-for-tests.ts';
import { makeKeyPair } from './host-key.ts';
import { isoForTests } from './iso-for-tests.ts';
import { sshForTests } from './ssh-for-tests.ts';
import { startLab } from './start.ts';

const template = { vmid: 9000, name: 'ubuntu-24.04' };

interface Interface {
  readonly 'hardware-address': string;
  readonly 'ip-addresses': readonly { readonly 'ip-address': string }[];
}

/** Asks the agent until the machine has an address that is not its own invention. */
async function addressOf(api: ApiForTests, vmid: number): Promise<string> {
  for (;;) {
    const answer = await api.call('GET', `/nodes/pve1/qemu/${vmid}/agent/network-get-interfaces`);
    const found = (answer.body as { data: { result: Interface[] } | null }).data?.result
      .flatMap((one) => one['ip-addresses'])
      .find((one) => one['ip-address'].startsWith('10.77.'));
    if (found) return found['ip-address'];
    await sleep(2);
  }
}

test('a clone boots, gets an address and lets its user in by SSH through the jump host', async () => {
  await using lab = await startLab({ templates: [template] });
  const api = apiForTests(lab);
  const keys = makeKeyPair();
  const options = {
    cores: 2,
    memory: 2048,
    ciuser: 'ubuntu',
    sshkeys: encodeURIComponent(keys.public),
    ipconfig0: 'ip=dhcp',
  };

  assert.equal(await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, name: 'k8s-dev' }), 'OK');
  await api.call('PUT', '/nodes/pve1/qemu/100/config', options);
  assert.equal(await api.task('PUT', '/nodes/pve1/qemu/100/resize', { disk: 'scsi0', size: '20G' }), 'OK');
  assert.equal(await api.task('POST', '/nodes/pve1/qemu/100/status/start'), 'OK');
  const address = await addressOf(api, 100);
  await using shell = await sshForTests(lab, address, 'ubuntu', keys.private);
  const said = await shell.run('hostname && nproc && lsblk -bdno SIZE /dev/sda && sudo cloud-init status --wait');

  assert.equal(address, '10.77.0.100');
  assert.deepEqual(said, { code: 0, out: `k8s-dev\n2\n${20 * 1024 ** 3}\nstatus: done\n` });
  assert.equal((await shell.run('kubectl get nodes')).code, 127);
});

test('a static address from ipconfig0 is the one that the machine answers on', async () => {
  await using lab = await startLab({ templates: [template] });
  const api = apiForTests(lab);

  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100 });
  await api.call('PUT', '/nodes/pve1/qemu/100/config', { ipconfig0: 'ip=10.77.0.20/24,gw=10.77.0.1' });
  await api.task('POST', '/nodes/pve1/qemu/100/status/start');

  assert.equal(await addressOf(api, 100), '10.77.0.20');
});

test('an unknown key is not let in, and the jump host leads nowhere but to the segment', async () => {
  await using lab = await startLab({ templates: [template] });
  const api = apiForTests(lab);
  const [right, wrong] = [makeKeyPair(), makeKeyPair()];
  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100 });
  await api.call('PUT', '/nodes/pve1/qemu/100/config', { ciuser: 'ubuntu', sshkeys: encodeURIComponent(right.public) });
  await api.task('POST', '/nodes/pve1/qemu/100/status/start');
  const address = await addressOf(api, 100);
  while ((await lab.engine.connect(address, 22).catch(() => undefined)) === undefined) await sleep(2);

  await assert.rejects(sshForTests(lab, address, 'ubuntu', wrong.private), /authentication/);
  await assert.rejects(sshForTests(lab, '127.0.0.1', 'ubuntu', right.private), /Channel open failure/);
});

test('a template is built from a vendor image without a shell on the node: download, import, seed, agent, convert', async () => {
  await using lab = await startLab();
  const api = apiForTests(lab);
  const [image] = lab.images.catalog;
  assert.ok(image);
  const [sum = ''] = (await (await fetch(image.sums)).text()).split('  ');
  const seed = isoForTests('CIDATA', {
    'meta-data': 'instance-id: build-1\n',
    'user-data': '#cloud-config\npackages: [qemu-guest-agent]\npower_state: {mode: poweroff}\n',
  });

  const download = {
    url: image.url,
    content: 'import',
    filename: image.name,
    checksum: sum,
    'checksum-algorithm': 'sha256',
  };
  assert.equal(await api.task('POST', '/nodes/pve1/storage/local/download-url', download), 'OK');
  const disk = `local:0,import-from=local:import/${image.name}`;
  const shape = {
    vmid: 9000,
    name: 'debian',
    agent: 1,
    memory: 512,
    scsi0: disk,
    net0: 'virtio,bridge=vmbr0',
    boot: 'order=scsi0',
  };
  assert.equal(await api.task('POST', '/nodes/pve1/qemu', shape), 'OK');
  assert.equal((await api.upload('pve1', 'local', 'seed.iso', seed)).status, 200);
  await lab.cluster.tasks.settle();
  await api.call('PUT', '/nodes/pve1/qemu/9000/config', { sata5: 'local:iso/seed.iso,media=cdrom' });
  assert.equal(await api.task('POST', '/nodes/pve1/qemu/9000/status/start'), 'OK');
  while (lab.machines.get(9000)?.power !== 'stopped') await sleep(2);
  await api.call('PUT', '/nodes/pve1/qemu/9000/config', { delete: 'sata5' });
  await api.call('PUT', '/nodes/pve1/qemu/9000/config', { ide2: 'local:cloudinit' });
  assert.equal(await api.task('POST', '/nodes/pve1/qemu/9000/template'), 'OK');

  await api.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, name: 'first' });
  await api.task('POST', '/nodes/pve1/qemu/100/status/start');
  assert.match(await addressOf(api, 100), /^10\.77\.0\./);
});

test('a wrong checksum leaves nothing behind', async () => {
  await using lab = await startLab();
  const api = apiForTests(lab);
  const [image] = lab.images.catalog;
  assert.ok(image);
  lab.images.falsify(image.name, true);
  const [sum = ''] = (await (await fetch(image.sums)).text()).split('  ');

  const download = {
    url: image.url,
    content: 'import',
    filename: image.name,
    checksum: sum,
    'checksum-algorithm': 'sha256',
  };
  const exit = await api.task('POST', '/nodes/pve1/storage/local/download-url', download);

  assert.match(exit ?? '', /^checksum mismatch: got '[0-9a-f]{64}' != expect '0{64}'$/);
  assert.deepEqual(lab.state.volumes, []);
});

test('after a restart the same token opens the same lab, and what ran runs again', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'lab-'));
  const first = await startLab({ stateDir, templates: [template] });
  const before = apiForTests(first);
  await before.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 100, name: 'kept' });
  await before.task('POST', '/nodes/pve1/qemu/100/status/start');
  await first[Symbol.asyncDispose]();

  await using second = await startLab({ stateDir });
  const address = await addressOf(apiForTests(second), 100);

  assert.deepEqual([second.token, second.fingerprint], [first.token, first.fingerprint]);
  assert.equal(second.machines.get(100)?.name, 'kept');
  assert.match(address, /^10\.77\.0\./);
  await second[Symbol.asyncDispose]();
  await rm(stateDir, { recursive: true });
});

test('the checksum file names the right hash', async () => {
  await using lab = await startLab({ images: [{ name: 'a.img', bytes: Buffer.from('abc') }] });

  const sums = await (await fetch(`${lab.images.url}/SHA256SUMS`)).text();

  assert.equal(sums, `${createHash('sha256').update('abc').digest('hex')}  a.img\n`);
});
