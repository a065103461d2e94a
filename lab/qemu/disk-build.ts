import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import type { Workshop } from './workshop.ts';

const sector = 512;
const mebibyte = 1024 ** 2;
/** The size vendors ship; disks grow at first boot. */
const diskBytes = 2 * 1024 * mebibyte;
const partitionAt = mebibyte;

/**
 * A bootable qcow2 image of a root directory, without mounting anything: GRUB's boot sector and core stand before one ext4
 * partition, and the core already knows what to boot (`customize.sh`).
 */
export async function writeDiskImage(root: string, work: Workshop, image: string): Promise<void> {
  const raw = join(work.folder, 'disk.raw');
  const disk = await open(raw, 'w', 0o666);
  try {
    await disk.chmod(0o666); // for the stand-in root, whom the umask would keep out
    await disk.truncate(diskBytes);
    await disk.write(await masterBootRecord(root), 0, sector, 0);
    const core = await readFile(join(root, 'boot/grub-core.img'));
    if (core.length > partitionAt - sector)
      throw new Error(`GRUB's core of ${core.length} bytes does not fit before the partition.`);
    // The boot sector loads the core from the sectors right after itself unless it is told another place.
    await disk.write(core, 0, core.length, sector);
  } finally {
    await disk.close();
  }
  const kibibytes = (diskBytes - partitionAt) / 1024;
  const filesystem = [
    '-q',
    '-F',
    '-t',
    'ext4',
    '-L',
    'root',
    '-E',
    `offset=${partitionAt}`,
    '-d',
    root,
    raw,
    `${kibibytes}k`,
  ];
  await work.asRoot('mke2fs', filesystem);
  await runCommand('qemu-img', [
    'convert',
    '-c',
    '-f',
    'raw',
    '-O',
    'qcow2',
    '-o',
    'compression_type=zstd',
    raw,
    image,
  ]);
}

/** GRUB's code, and a table with one bootable Linux partition over the whole disk. */
async function masterBootRecord(root: string): Promise<Buffer> {
  const record = Buffer.alloc(sector);
  (await readFile(join(root, 'boot/grub-boot.img'))).copy(record, 0, 0, 440);
  record.set([0x80, 0, 0, 0, 0x83, 0, 0, 0], 446);
  record.writeUInt32LE(partitionAt / sector, 454);
  record.writeUInt32LE((diskBytes - partitionAt) / sector, 458);
  record.set([0x55, 0xaa], 510);
  return record;
}
