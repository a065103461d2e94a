import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readDiskImage } from './disk-image.ts';

/** The header of a qcow2 image of 1 MiB, as somebody could upload it, with this backing file. */
function qcow2(backing: string): Buffer {
  const image = Buffer.alloc(4 * 65536);
  image.write('QFI\xfb', 0, 'latin1');
  image.writeUInt32BE(2, 4);
  image.writeBigUInt64BE(BigInt(backing === '' ? 0 : 512), 8);
  image.writeUInt32BE(backing.length, 16);
  image.writeUInt32BE(16, 20);
  image.writeBigUInt64BE(1024n ** 2n, 24);
  image.writeUInt32BE(1, 36);
  image.writeBigUInt64BE(65536n, 40);
  image.writeBigUInt64BE(131072n, 48);
  image.writeUInt32BE(1, 56);
  image.write(backing, 512);
  return image;
}

const missing = spawnSync('qemu-img', ['--version']).error ? 'qemu-img is not installed' : false;

test('a plain image is described; one that names another file is refused', { skip: missing }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'disk-image-'));
  t.after(() => rm(folder, { recursive: true }));
  const [plain, greedy, text] = [join(folder, 'plain.qcow2'), join(folder, 'greedy.qcow2'), join(folder, 'text.qcow2')];
  await writeFile(plain, qcow2(''));
  await writeFile(greedy, qcow2('/etc/passwd'));
  await writeFile(text, 'no image at all');

  const image = await readDiskImage(plain, folder, true);

  assert.deepEqual([image.format, image.virtualSize, image.backing], ['qcow2', 1024 ** 2, undefined]);
  await assert.rejects(readDiskImage(greedy, folder, false), /external backing file/);
  await assert.rejects(readDiskImage(text, folder, true), /not in qcow2 format/);
});
