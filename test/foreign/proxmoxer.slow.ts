import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { described } from '#lab/schema-for-tests.ts';
import { startLab } from '#lab/start.ts';
import { absent, runPython } from './python.ts';

const skip = absent('proxmoxer, requests', 'python3-proxmoxer');
const program = resolve(import.meta.dirname, 'vm-life.py');

for (const profile of ['8.4', '9.2'] as const) {
  test(`proxmoxer, a client that nobody here wrote, leads VMs through their life on ${profile}`, { skip }, async () => {
    await using made = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'lab-proxmoxer-'));
    made.defer(() => rm(folder, { recursive: true }));
    const lab = made.use(
      await startLab({ profile, templates: [{ vmid: 9000, name: 'debian-12' }], ...described(profile) }),
    );
    const iso = join(folder, 'seed.iso');
    await writeFile(iso, Buffer.alloc(4096));
    const password = lab.state.users.find(({ userid }) => userid === 'root@pam')?.password;
    const access = { host: new URL(lab.url).host, token: 'lab', secret: lab.token.secret, password };

    const saw = JSON.parse(await runPython([program], { input: JSON.stringify({ ...access, iso }) }));

    const life = {
      clone: 'OK',
      config: [2, '1024', 'ana', 'blue;ci', true],
      resize: 'OK',
      start: 'OK',
      agent: [true, true],
      running: '500 VM 200 is running - destroy failed',
      snapshot: 'OK',
      stop: 'OK',
      status: 'stopped',
      delete: 'OK',
    };
    assert.deepEqual(saw, {
      version: profile,
      nodes: ['pve1', 'pve2'],
      next: '100',
      token: { ...life, exec: false },
      ticket: { ...life, exec: true, running: '500 VM 201 is running - destroy failed' },
      missing: "500 Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist",
      wrong: '400 Parameter verification failed.',
      upload: 'OK',
      content: ['local:iso/seed.iso'],
      removed: 'OK',
      left: [9000],
    });
    assert.deepEqual(
      lab.violations.filter(({ status }) => status === 200),
      [],
    );
  });
}
