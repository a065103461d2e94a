import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
