import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { apiForTests } from '#lab/api-for-tests.ts';
import { makeKeyPair } from '#lab/host-key.ts';
import { isoForTests } from '#lab/iso-for-tests.ts';
import { described } from '#lab/schema-for-tests.ts';
import { type SimulatedEngine, startSimulated } from '#lab/simulated/engine.ts';
import { quickTimes } from '#lab/simulated/times.ts';
import { type Lab, startLab } from '#lab/start.ts';

const program = '/usr/bin/packer';
const skip = spawnSync(program, ['version']).status !== 0 && 'the Debian package packer is not installed';
const key = makeKeyPair();
const disc = isoForTests('INSTALL', {
  'lab-installer.json': JSON.stringify({ os: 'debian', agent: true, users: { ops: [key.public] } }),
});

for (const profile of ['8.4', '9.2'] as const) {
  test(`Packer’s proxmox-clone makes a template of a template on ${profile}`, { skip }, async () => {
    await using setting = await startSetting(profile);

    await setting.build({ type: 'proxmox-clone', clone_vm: 'debian-12', full_clone: false });

    const made = setting.lab.machines.get(9001);
    assert.deepEqual([made?.config.template, made?.config.ciuser], ['1', 'ops']);
    assert.match(made?.config.ide2 ?? '', /cloudinit/);
    assert.equal(setting.built(), 'by Proxmox-clone\n');
    assert.deepEqual(setting.lab.violations, []);
  });

  test(`Packer’s proxmox-iso types its boot command and installs from an ISO on ${profile}`, { skip }, async () => {
    await using setting = await startSetting(profile);
    await apiForTests(setting.lab).upload('pve1', 'local', 'debian.iso', disc);

    await setting.build({ ...fromDisc, iso_file: 'local:iso/debian.iso' });

    const made = setting.lab.machines.get(9001);
    assert.equal(made?.config.template, '1');
    assert.match(made?.config.scsi0 ?? '', /^local:9001\/base-9001-disk-0\.qcow2,/);
    assert.match(made?.config.ide3 ?? '', /cloudinit/);
    assert.equal(setting.built(), 'by Proxmox-iso\n');
    assert.equal(setting.engine.keysOf(9001).join(' '), 'a u t o spc u r l equal shift-x shift-semicolon 1 ret');
    assert.deepEqual(setting.lab.violations, []);
  });

  test(`Packer’s proxmox-iso uploads the ISO that it fetched itself on ${profile}`, { skip }, async () => {
    await using setting = await startSetting(profile);

    await setting.build({
      ...fromDisc,
      iso_url: `file://${setting.folder}/install.iso`,
      iso_checksum: 'none',
      iso_storage_pool: 'local',
    });

    assert.equal(setting.lab.machines.get(9001)?.config.template, '1');
    assert.ok(setting.lab.state.volumes.some(({ volid }) => volid.startsWith('local:iso/')));
    assert.deepEqual(setting.lab.violations, []);
  });

  test(`Packer takes its VM away when a provisioner fails on ${profile}`, { skip }, async () => {
    await using setting = await startSetting(profile);

    const building = setting.build({ type: 'proxmox-clone', clone_vm: 'debian-12' }, [
      'echo going; false',
      'echo never',
    ]);

    await assert.rejects(building, /Script exited with non-zero exit status: 1/);
    assert.deepEqual([...setting.lab.machines.keys()], [9000]);
  });
}

const fromDisc = {
  type: 'proxmox-iso',
  disks: [{ type: 'scsi', disk_size: '4G', storage_pool: 'local', storage_pool_type: 'dir', format: 'qcow2' }],
  boot_wait: '1s',
  boot_command: ['auto url=X:1<enter>'],
};

const provisions = [
  'echo "by $PACKER_BUILDER_TYPE" | sudo tee /etc/built >/dev/null',
  'sudo sed -i s/proxmox/Proxmox/ /etc/built',
];

interface Setting extends AsyncDisposable {
  readonly lab: Lab;
  readonly engine: SimulatedEngine;
  readonly folder: string;
  /** Runs Packer with this builder; its failure is an error with all its words. */
  build(builder: object, inline?: readonly string[]): Promise<void>;
  /** What the provisioner left on the template's disk. */
  built(): string | undefined;
}

async function startSetting(profile: '8.4' | '9.2'): Promise<Setting> {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'lab-packer-'));
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const engine = made.use(await startSimulated({ times: quickTimes }));
  const templates = [{ vmid: 9000, name: 'debian-12' }];
  const lab = made.use(await startLab({ profile, engine, templates, ...described(profile) }));
  await writeFile(join(folder, 'key'), key.private, { mode: 0o600 });
  await writeFile(join(folder, 'install.iso'), disc);
  const all = made.move();
  return {
    lab,
    engine,
    folder,
    async build(builder, inline = provisions) {
      const builders = [{ ...common(lab, folder), ...builder }];
      const file = join(folder, 'template.json');
      await writeFile(file, JSON.stringify({ builders, provisioners: [{ type: 'shell', inline }] }));
      const password = lab.state.users.find(({ userid }) => userid === 'root@pam')?.password ?? '';
      await runPacker(file, { HOME: folder, PROXMOX_PASSWORD: password, PACKER_CACHE_DIR: join(folder, 'cache') });
    },
    built: () => {
      const disk = [...engine.disks].find(([name]) => name.includes('base-9001-disk-0'))?.[1];
      return disk?.system?.files['/etc/built'];
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** The way to the guests is the jump host, as for people. */
function common({ url, jump }: Lab, folder: string): object {
  return {
    ...{ proxmox_url: `${url}/api2/json`, insecure_skip_tls_verify: true, username: 'root@pam', node: 'pve1' },
    ...{ vm_name: 'golden', os: 'l26', qemu_agent: true, scsi_controller: 'virtio-scsi-pci' },
    ...{ cloud_init: true, cloud_init_storage_pool: 'local' },
    network_adapters: [{ model: 'virtio', bridge: 'vmbr0' }],
    ...{ ssh_username: 'ops', ssh_private_key_file: join(folder, 'key'), ssh_timeout: '60s' },
    ...{ ssh_bastion_host: jump.host, ssh_bastion_port: jump.port, ssh_bastion_username: jump.user },
    ssh_bastion_password: 'none is asked for',
  };
}

async function runPacker(file: string, env: Readonly<Record<string, string>>): Promise<void> {
  const fixed = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', CHECKPOINT_DISABLE: '1' };
  const child = spawn(program, ['build', '-color=false', file], { env: { ...fixed, ...env } });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => said.push(text));
  const code = await new Promise<number | null>((ended, failed) => child.on('close', ended).on('error', failed));
  if (code !== 0) throw new Error(`packer build ended with ${code}:\n${said.join('')}`);
}
