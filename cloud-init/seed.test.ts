import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { seedIso } from './seed.ts';
import { templateSeed, templateUserData } from './template-user-data.ts';

const files = {
  'user-data': '#cloud-config\nhostname: a\n',
  'meta-data': 'instance-id: i-1\n',
  'network-config': 'version: 2\n'.repeat(300),
};

test('equal files give equal bytes', () => {
  assert.deepEqual(
    seedIso(files),
    seedIso({
      'network-config': files['network-config'],
      'meta-data': files['meta-data'],
      'user-data': files['user-data'],
    }),
  );
});

test('another program finds the label and every file as it was', {
  skip: spawnSync('isoinfo', ['-version']).error !== undefined && 'isoinfo is not here',
}, () => {
  const dir = mkdtempSync(join(tmpdir(), 'seed-'));
  const image = join(dir, 'seed.iso');
  writeFileSync(image, seedIso(files));
  const isoinfo = (...args: string[]) => spawnSync('isoinfo', ['-i', image, ...args], { encoding: 'utf8' }).stdout;

  const label = /^Volume id: (.*)$/m.exec(isoinfo('-d'))?.[1];
  const read = Object.keys(files).map((name) => [name, isoinfo('-J', '-x', `/${name}`)]);
  rmSync(dir, { recursive: true });

  assert.equal(label?.trim(), 'cidata');
  assert.deepEqual(Object.fromEntries(read), files);
});

test('a template’s first boot installs the agent and powers off after it', () => {
  const config = parse(templateUserData());

  assert.deepEqual(config.packages, ['qemu-guest-agent']);
  assert.match(config.write_files[0].content, /poweroff/);
  assert.match(config.runcmd[1], /systemd-run .* \/run\/botswain-finish/);
});

test('the same run gives the same medium, another run another one', () => {
  const seed = (run: string) => Buffer.from(templateSeed({ template: 'debian-12', run })).toString('base64');

  assert.equal(seed('r-1'), seed('r-1'));
  assert.notEqual(seed('r-1'), seed('r-2'));
});
