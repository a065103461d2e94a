import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { apiForTests } from '#lab/api-for-tests.ts';
import { described } from '#lab/schema-for-tests.ts';
import { type Lab, startLab } from '#lab/start.ts';
import { absent, runPython } from './python.ts';

const skip =
  absent('ansible_collections.community.general', 'ansible') ||
  absent('proxmoxer, requests', 'python3-proxmoxer or python3-requests');

for (const profile of ['8.4', '9.2'] as const) {
  test(`Ansible’s modules and inventory, which nobody here wrote, lead a VM through its life on ${profile}`, {
    skip,
  }, async () => {
    await using made = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'lab-ansible-'));
    made.defer(() => rm(folder, { recursive: true }));
    const lab = made.use(
      await startLab({ profile, templates: [{ vmid: 9000, name: 'debian-12' }], ...described(profile) }),
    );
    await apiForTests(lab).call('POST', '/pools', { poolid: 'dev' });
    const env = await environmentFor(lab, folder);

    const created = await play('create.yml', env);
    const inventory = await listInventory(env);
    const config = { ...lab.machines.get(200)?.config };
    const removed = await play('remove.yml', env);

    assert.deepEqual(created, [
      'upload: changed',
      'upload again: ok',
      'clone: changed',
      'configure: changed',
      'network: changed',
      'start: changed',
      'start again: ok',
      'snapshot: changed',
    ]);
    const host = inventory._meta?.hostvars.web ?? {};
    assert.deepEqual(
      ['proxmox_all_running', 'proxmox_pve1_qemu', 'proxmox_pool_dev', 'tag_blue', 'tag_ci'].map(
        (group) => inventory[group]?.hosts,
      ),
      [['web'], ['web'], ['web'], ['web'], ['web']],
    );
    assert.deepEqual(
      [host.proxmox_cores, host.proxmox_memory, host.proxmox_ciuser, host.proxmox_snapshots, host.proxmox_qmpstatus],
      [4, '1024', 'ana', ['clean'], 'running'],
    );
    assert.match(String(host.ansible_host), /^10\.77\.0\.\d+\/24$/);
    assert.match(config.net0 ?? '', /,bridge=vmbr0,tag=7$/);
    assert.match(config.scsi0 ?? '', /^nas:200\//);
    assert.deepEqual(removed, [
      'look: ok',
      'roll back: changed',
      'start: changed',
      'stop: changed',
      'delete: changed',
      'delete again: ok',
      'delete the upload: changed',
    ]);
    assert.deepEqual([...lab.machines.keys()], [9000]);
    assert.deepEqual(
      lab.state.volumes.filter(({ vmid }) => vmid !== 9000),
      [],
    );
    assert.deepEqual(lab.violations, []);
  });
}

type Environment = Readonly<Record<string, string>>;

/** Where the lab is and who asks: neither a file nor a command line holds the secret. */
async function environmentFor(lab: Lab, folder: string): Promise<Environment> {
  const iso = join(folder, 'seed.iso');
  await writeFile(iso, Buffer.alloc(4096));
  return {
    ...{ HOME: folder, ANSIBLE_LOCAL_TEMP: folder, ANSIBLE_REMOTE_TEMP: folder, ISO: iso },
    ...{ ANSIBLE_STDOUT_CALLBACK: 'json', ANSIBLE_DEPRECATION_WARNINGS: 'false', PYTHONWARNINGS: 'ignore' },
    ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED: 'true',
    PROXMOX_URL: lab.url,
    PROXMOX_HOST: new URL(lab.url).host,
    PROXMOX_USER: 'botswain@pve',
    PROXMOX_TOKEN_ID: 'lab',
    PROXMOX_TOKEN_SECRET: lab.token.secret,
  };
}

interface Played {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly task: { readonly name: string };
      readonly hosts: { readonly localhost: { readonly changed?: boolean; readonly failed?: boolean } };
    }[];
  }[];
}

/** Plays a playbook and answers how each of its tasks ended: `clone: changed`. */
async function play(book: string, env: Environment): Promise<string[]> {
  const args = ['/usr/bin/ansible-playbook', '-i', 'localhost,', '-c', 'local', '-e', onPython, fileHere(book)];
  const { plays } = JSON.parse(await runPython(args, { env })) as Played;
  return plays.flatMap(({ tasks }) =>
    tasks.map(({ task, hosts }) => `${task.name}: ${hosts.localhost.changed ? 'changed' : 'ok'}`),
  );
}

const onPython = 'ansible_python_interpreter=/usr/bin/python3';
const fileHere = (name: string) => resolve(import.meta.dirname, name);

type Inventory = Readonly<Record<string, { readonly hosts?: readonly string[] } | undefined>> & {
  readonly _meta?: { readonly hostvars: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
};

async function listInventory(env: Environment): Promise<Inventory> {
  const args = ['/usr/bin/ansible-inventory', '-i', fileHere('proxmox.yml'), '--list'];
  return JSON.parse(await runPython(args, { env })) as Inventory;
}
