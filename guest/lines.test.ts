import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellLines } from './lines.ts';

/** What is told of these chunks. */
function toldOf(chunks: Iterable<Buffer>): string[] {
  const told: string[] = [];
  const lines = tellLines((line) => told.push(line));
  for (const chunk of chunks) lines.add(chunk);
  lines.finish();
  return told;
}

test('a line without end is told with its beginning, and nothing else of it is kept', () => {
  const chunk = Buffer.alloc(64 * 1024, 'x');

  // Twice the longest string that there can be.
  const told = toldOf(repeat(chunk, 16_384));

  assert.deepEqual(told, [`${'x'.repeat(1000)}… (${1024 ** 3 - 1000} characters more)`]);
});

test('of a million lines the first 2000 and the last 20 are told, and how many were left out', () => {
  const chunk = Buffer.from('y\n'.repeat(10_000));

  const told = toldOf(repeat(chunk, 100));

  assert.equal(told.length, 2021);
  assert.equal(told[2000], '… 997980 lines left out');
});

test('a few lines more are told, and nothing is said to be left out', () => {
  const lines = Array.from({ length: 2020 }, (_, at) => `line ${at}`);

  assert.deepEqual(toldOf([Buffer.from(lines.join('\n'))]), lines);
});

test('characters that are cut into two chunks, and line ends of Windows, are told as they are', () => {
  const bytes = Buffer.from('zwölf\r\nlast');
  const cut = bytes.indexOf(0xc3) + 1;

  assert.deepEqual(toldOf([bytes.subarray(0, cut), bytes.subarray(cut)]), ['zwölf', 'last']);
});

test('a line of just the longest length is whole, also before the line end of Windows', () => {
  const longest = 'x'.repeat(1000);

  assert.deepEqual(toldOf([Buffer.from(`${longest}\r\n${longest}y\n`)]), [longest, `${longest}… (1 character more)`]);
});

function* repeat(chunk: Buffer, times: number) {
  for (let at = 0; at < times; at++) yield chunk;
}
