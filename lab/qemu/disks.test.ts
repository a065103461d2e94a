import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentReader } from './disks.ts';

test("qemu-img's progress is read as it overwrites itself", () => {
  const seen: number[] = [];
  const read = percentReader((fraction) => seen.push(fraction));

  read('    (0.00/100%)\r    (12.50/100%)\r');
  read('    (100.00/100%)\r\n');

  assert.deepEqual(seen, [0.125, 1]);
});
