import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { userData } from './user-data.ts';

test('says what a machine shall become in cloud-init’s words', () => {
  const text = userData({
    hostname: 'k8s-dev',
    users: [{ name: 'ops', sshKeys: ['ssh-ed25519 AAAA ana'], sudo: true }],
    files: [{ path: '/etc/motd', content: 'hello\n' }],
    updatePackages: true,
    packages: ['curl'],
    commands: ['echo done', ['touch', '/a b']],
    ending: 'reboot',
  });

  assert.equal(text.split('\n', 1)[0], '#cloud-config');
  assert.deepEqual(parse(text), {
    hostname: 'k8s-dev',
    manage_etc_hosts: true,
    write_files: [{ path: '/etc/motd', content: 'hello\n', permissions: '0644' }],
    users: [
      {
        name: 'ops',
        ssh_authorized_keys: ['ssh-ed25519 AAAA ana'],
        lock_passwd: true,
        sudo: 'ALL=(ALL) NOPASSWD:ALL',
        shell: '/bin/bash',
      },
    ],
    package_update: true,
    packages: ['curl'],
    runcmd: ['echo done', ['touch', '/a b']],
    power_state: { mode: 'reboot', delay: 'now', timeout: 120 },
  });
});

test('any text comes through, also what YAML takes for something else', () => {
  const tricky = fc.constantFrom(
    'no',
    'on',
    '0644',
    '1_000',
    '12:30:45',
    '~',
    '=',
    '<<',
    '- a',
    ' a: b #c',
    '\'"\\',
    '\t',
    '\n\n',
  );
  const text = fc.oneof(tricky, fc.string({ unit: 'grapheme' }));

  fc.assert(
    fc.property(fc.array(text), text, (commands, content) => {
      const read = parse(userData({ commands, files: [{ path: '/f', content }] }), { version: '1.1' });
      assert.deepEqual(
        [read.runcmd, read.write_files[0].content, read.write_files[0].permissions],
        [commands, content, '0644'],
      );
    }),
  );
});

test('Python’s YAML, which cloud-init uses, reads it the same way', { skip: lacksPyYaml() }, () => {
  const commands = 'no on Yes 0644 0o17 1_000 12:30:45 1e3 2026-01-01 ~ null = << % @x `x` - ? !a &a *a'.split(' ');
  const content = '#!/bin/sh\n\ttabs, ümläuts, \u00a0, "quotes" and \\ stay\n\n';

  const read = spawnSync(
    'python3',
    ['-c', 'import sys,json,yaml; json.dump(yaml.safe_load(sys.stdin.buffer), sys.stdout)'],
    {
      input: userData({ commands, files: [{ path: '/f', content }] }),
      encoding: 'utf8',
    },
  );

  const { runcmd, write_files } = JSON.parse(read.stdout);
  assert.deepEqual([runcmd, write_files[0].content], [commands, content]);
});

function lacksPyYaml(): string | false {
  return spawnSync('python3', ['-c', 'import yaml']).status !== 0 && 'Python has no yaml here';
}
