import assert from 'node:assert/strict';
import { test } from 'node:test';
import { programOf } from './program-of.ts';

test('a command is named by its program, and by nothing where secrets may stand', () => {
  const named = [
    'sudo -n cloud-init status --long',
    '/usr/bin/true',
    'TOKEN=abc deploy',
    'echo "$PASSWORD"',
    '',
    "'a b' c",
  ];

  assert.deepEqual(named.map(programOf), [
    'cloud-init',
    '/usr/bin/true',
    'a command',
    'echo',
    'a command',
    'a command',
  ]);
});
