import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Vm } from '#proxmox/vms.ts';
import { matches } from './filter.ts';

const vm: Vm = {
  ...{ vmid: 105, node: 'pve1', status: 'running', template: false },
  ...{ maxMemory: 2 ** 30, cpus: 1, maxDisk: 2 ** 34, tags: [] },
};

function named(names: readonly string[], pattern: string): string[] {
  return names.filter((name) => matches({ ...vm, name }, { name: pattern }));
}

test('a name is part of one, or a whole one with * for anything; case does not matter', () => {
  const names = ['web-1', 'web-10', 'my-web-1', 'db'];

  assert.deepEqual(named(names, 'WEB'), ['web-1', 'web-10', 'my-web-1']);
  assert.deepEqual(named(names, 'web-*'), ['web-1', 'web-10']);
  assert.deepEqual(named(names, '*-1'), ['web-1', 'my-web-1']);
  assert.deepEqual(named(names, '*w*b*1*'), ['web-1', 'web-10', 'my-web-1']);
  assert.deepEqual(named(names, 'web-1*1'), []);
  assert.deepEqual(named(names, '*'), names);
  assert.deepEqual(named(['a.c', 'abc'], 'a.*'), ['a.c']);
});

test('a pattern with many * is no work for minutes', () => {
  assert.deepEqual(named(['a'.repeat(63)], `${'*a'.repeat(30)}*b`), []);
});
