import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { writeIso } from './iso.ts';
import { type SeedFiles, seedIso } from './seed.ts';

const files = {
  'user-data': '#cloud-config\nhostname: zürich\n',
  'meta-data': 'instance-id: i-1\n',
  'network-config': 'version: 2\n'.repeat(300),
  'vendor-data': '',
} satisfies SeedFiles;

test('whatever the files hold, they are read back as they were', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 9000 });
  const seeds = fc.record(
    { 'user-data': text, 'meta-data': text, 'network-config': text, 'vendor-data': text },
    { requiredKeys: ['user-data', 'meta-data'] },
  );

  fc.assert(
    fc.property(seeds, (seed) => {
      const { label, files: read } = readJoliet(Buffer.from(seedIso(seed as SeedFiles)));
      assert.deepEqual([label, read], ['cidata', { ...seed }]);
    }),
    { numRuns: 50 },
  );
});

test('equal files give equal bytes, in whatever order they come', () => {
  const reversed = Object.fromEntries(Object.entries(files).reverse()) as unknown as SeedFiles;

  assert.deepEqual(seedIso(files), seedIso(reversed));
});

test('more names than fit are refused', () => {
  const many = Array.from({ length: 40 }, (_, at) => ({ name: `file-${at}`.padEnd(60, 'x'), bytes: Buffer.alloc(0) }));

  assert.throws(() => writeIso('many', many), RangeError);
});

test('other programs find the label and every file', { skip: lacks('isoinfo') || lacks('blkid') }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'seed-'));
  const image = join(dir, 'seed.iso');
  writeFileSync(image, seedIso(files));
  const ask = (program: string, ...args: string[]) => spawnSync(program, args, { encoding: 'utf8' }).stdout;

  const label = ask('blkid', '-p', '-s', 'LABEL', '-s', 'TYPE', '-o', 'export', image);
  const described = ask('isoinfo', '-d', '-i', image);
  const read = Object.keys(files).map((name) => [name, ask('isoinfo', '-J', '-i', image, '-x', `/${name}`)]);
  rmSync(dir, { recursive: true });

  assert.match(label, /^LABEL=cidata\nTYPE=iso9660$/m);
  assert.match(described, /^Volume id: cidata$[\s\S]*^Joliet with UCS level 3 found$/m);
  assert.deepEqual(Object.fromEntries(read), files);
});

function lacks(program: string): string | false {
  return spawnSync(program, ['--version']).error !== undefined && `${program} is not here`;
}

/** Reads an image as Linux does: by the Joliet tree. */
function readJoliet(image: Buffer): { label: string; files: Record<string, string> } {
  const joliet = image.subarray(17 * 2048, 18 * 2048);
  assert.equal(joliet.toString('latin1', 0, 7), '\x02CD001\x01');
  const start = joliet.readUInt32LE(158) * 2048;
  const length = joliet.readUInt32BE(170);
  const read: Record<string, string> = {};
  for (let from = start; from < start + length && image[from] !== 0; from += image[from] ?? 0) {
    const record = image.subarray(from, from + (image[from] ?? 0));
    if (((record[25] ?? 0) & 2) !== 0) continue;
    const name = Buffer.from(record.subarray(33, 33 + (record[32] ?? 0)))
      .swap16()
      .toString('utf16le');
    const at = record.readUInt32BE(6) * 2048;
    read[name] = image.toString('utf8', at, at + record.readUInt32LE(10));
  }
  return { label: image.toString('latin1', 16 * 2048 + 40, 16 * 2048 + 72).trim(), files: read };
}
