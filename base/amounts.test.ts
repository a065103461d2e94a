import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spellAtLeast, spellMemory } from './amounts.ts';

test('memory is said in GiB where that is exact', () => {
  assert.deepEqual([512, 1024, 1536, 2000, 4096, 65_536].map(spellMemory), [
    '512 MiB',
    '1 GiB',
    '1.5 GiB',
    '2000 MiB',
    '4 GiB',
    '64 GiB',
  ]);
});

test('what is left is never said to be more than it is', () => {
  assert.deepEqual([-3, 0.5, 1023.9, 1024, 4095, 10_239].map(spellAtLeast), [
    '0 MiB',
    '0 MiB',
    '1023 MiB',
    '1 GiB',
    '3.9 GiB',
    '9.9 GiB',
  ]);
});
