import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spellAtLeast, spellBytes, spellMemory } from './amounts.ts';

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

test('bytes are said in the largest unit that they fill', () => {
  assert.deepEqual([0, 1, 1023, 1024, 65_536, 1_300_000, 4 * 1024 ** 2, 5 * 1024 ** 4].map(spellBytes), [
    '0 bytes',
    '1 byte',
    '1023 bytes',
    '1 KiB',
    '64 KiB',
    '1.2 MiB',
    '4 MiB',
    '5120 GiB',
  ]);
});
