import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { parse } from 'yaml';
import { templateSeed, templateUserData } from './template-user-data.ts';

test('a template’s first boot lets nobody in, installs the agent, and leaves the end to a unit that outlives cloud-init', () => {
  const config = parse(templateUserData());

  assert.deepEqual([config.users, config.packages, config.package_update], [[], ['qemu-guest-agent'], true]);
  assert.match(config.runcmd.at(-1), /^systemd-run .* \/bin\/sh \/run\/botswain-finish$/);
  assert.equal(config.write_files[0].path, '/run/botswain-finish');
});

test('the script that ends it is right for a plain shell, and powers off last', () => {
  const [{ content }] = parse(templateUserData()).write_files;

  const checked = spawnSync('sh', ['-n'], { input: content, encoding: 'utf8' });

  assert.deepEqual([checked.status, checked.stderr], [0, '']);
  assert.equal(content.trimEnd().split('\n').at(-1), 'systemctl --no-block poweroff');
});

test('the same run gives the same medium, another run another one', () => {
  const seed = (run: string) => Buffer.from(templateSeed({ template: 'debian-12', run })).toString('base64');

  assert.equal(seed('r-1'), seed('r-1'));
  assert.notEqual(seed('r-1'), seed('r-2'));
});

test('a template’s name becomes a host name', () => {
  const image = Buffer.from(templateSeed({ template: 'Ubuntu-24.04', run: 'r-1' })).toString('utf8');

  assert.match(image, /instance-id: botswain-r-1\nlocal-hostname: ubuntu-24-04\n/);
});
