import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { keepTail } from './tail.ts';

test('the last bytes are kept, whatever the chunks', () => {
  const text = Array.from({ length: 40_000 }, (_, at) => `${at} `).join('');
  const bytes = Buffer.from(text);

  for (const size of [1, 1000, 65_536, 200_000, bytes.length]) {
    const tail = keepTail(100_000);
    for (let at = 0; at < bytes.length; at += size) tail.add(bytes.subarray(at, at + size));
    assert.equal(tail.text(), text.slice(-100_000), `chunks of ${size}`);
  }
});

test('less than that is kept whole, and a character that was cut off is left out', () => {
  const [short, long] = [keepTail(100), keepTail(3)];

  short.add(Buffer.from('zwölf'));
  long.add(Buffer.from('zwölf'));

  assert.deepEqual([short.text(), long.text()], ['zwölf', 'lf']);
});

test('packets of a few bytes cost no more than their bytes', async () => {
  const tail = keepTail(1024 * 1024);
  const before = heldBytes();

  for (let at = 0; at < 4096; at++) tail.add(Buffer.alloc(64 * 1024, 'x').subarray(0, 1));

  // V8 gives back what was collected in a thread of its own, which may be late.
  let held = heldBytes() - before;
  for (let looks = 0; held >= 16 * 1024 * 1024 && looks < 200; looks++) {
    await sleep(20);
    held = heldBytes() - before;
  }
  assert.equal(tail.text().length, 4096);
  assert.ok(held < 16 * 1024 * 1024, `${held} bytes are held for 4096`);
});

/** What is held by something that is still in use. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}
