import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { frugal } from '#bot/up/child.ts';
import { requiredPackages } from '#lab/qemu/packages.ts';

const root = resolve(import.meta.dirname, '..');
const launcher = join(root, 'botswain');

test('the launcher installs what the lab’s machines need', () => {
  const line = /^lab_packages='(.*)'$/m.exec(readFileSync(launcher, 'utf8'))?.[1]?.split(' ') ?? [];

  const pairs = line.flatMap((command, i) => (i % 2 === 0 ? [{ command, name: line[i + 1] ?? '' }] : []));
  const byName = (list: readonly { name: string; command: string }[]) =>
    list.toSorted((a, b) => a.name.localeCompare(b.name));
  assert.deepEqual(byName(pairs), byName(requiredPackages));
});

test('gateway and worker run with the same small heap, whoever starts them', () => {
  const flags = frugal.flags.join(' ');
  const variables = Object.entries(frugal.env).map(([name, value]) => new RegExp(`${name}[=:] ?"?${value}`));

  for (const file of ['botswain', 'docker-compose.yml']) {
    const text = readFileSync(join(root, file), 'utf8');
    assert.ok(text.includes(`node ${flags} `), `${file} starts them with ${flags}`);
    for (const variable of variables) assert.match(text, variable);
  }
});

test('a word that the launcher does not know is answered with those it does', () => {
  const { status, stderr } = spawnSync(launcher, ['upp'], { encoding: 'utf8' });

  assert.equal(status, 2);
  assert.match(stderr, /There is no `upp`/);
  assert.match(stderr, /\.\/botswain up/);
});

test('without a word it says what it can', () => {
  const { status, stdout } = spawnSync(launcher, [], { encoding: 'utf8' });

  assert.equal(status, 0);
  assert.match(stdout, /\.\/botswain test/);
});

/** What the launcher says while the first `locked` calls of apt-get find its lock taken; `apt-get` and `sleep` are stand-ins. */
function upWithBusyApt(locked: number): { status: number | null; stderr: string; calls: number } {
  const folder = mkdtempSync(join(tmpdir(), 'botswain-apt-'));
  for (const name of ['sh', 'dirname', 'readlink', 'id', 'mkdir', 'grep', 'sed', 'head', 'tail', 'env', 'cat', 'wc']) {
    symlinkSync(spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim(), join(folder, name));
  }
  const lock = 'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 612 (unattended-upgr)';
  const count = `echo x >>${folder}/calls`;
  const apt = `[ "$(cat ${folder}/calls | wc -l)" -gt ${locked} ] || { echo "${lock}" >&2; exit 100; }`;
  const standIns = { 'apt-get': `${count}\n${apt}`, sleep: 'exit 0', sudo: 'exec "$@"' };
  for (const [name, text] of Object.entries(standIns)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const env = { PATH: folder, BOTSWAIN_STATE: join(folder, 'state') };
  const { status, stderr } = spawnSync(launcher, ['up', '--sim'], { encoding: 'utf8', env });
  const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n').length;
  rmSync(folder, { recursive: true });
  return { status, stderr, calls };
}

test('apt’s lock is waited for, and who holds it is said once', () => {
  const { stderr, calls } = upWithBusyApt(2);

  assert.equal(stderr.match(/Another program holds apt's lock: process 612 \(unattended-upgr\)\. Waiting/g)?.length, 1);
  assert.equal(calls, 4);
  assert.match(stderr, /npm is missing/);
});

test('a lock of apt that is never given back ends with what apt said', () => {
  const { status, stderr } = upWithBusyApt(1000);

  assert.equal(status, 1);
  assert.match(stderr, /Could not get lock/);
  assert.match(stderr, /apt-get could not install them/);
});

test('what was skipped is told by itself, with its reason', () => {
  const folder = mkdtempSync(join(tmpdir(), 'botswain-skipped-'));
  const file = join(folder, 'a.test.mjs');
  const tests = "test('here', () => {}); test('elsewhere', { skip: 'python is missing' }, () => {});";
  writeFileSync(file, `import { test } from 'node:test'; ${tests}`);

  const args = ['--test', '--test-isolation=none', `--test-reporter=${join(root, 'test', 'skipped.ts')}`, file];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env: { PATH: folder } });
  rmSync(folder, { recursive: true });

  assert.equal(stdout, '- elsewhere (python is missing)\n');
});

test('an option that no part knows is a sentence, not a stack', () => {
  const { status, stderr } = spawnSync('node', [join(root, 'bot', 'main.ts'), 'up', '--smi'], { encoding: 'utf8' });

  assert.equal(status, 78);
  assert.equal(stderr, "Unknown option '--smi'.\n→ ./botswain help\n");
});
