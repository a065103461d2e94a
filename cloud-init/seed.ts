/** The files of a NoCloud seed; the names are cloud-init's. */
export interface SeedFiles {
  readonly 'user-data': string;
  readonly 'meta-data': string;
  readonly 'network-config'?: string;
  readonly 'vendor-data'?: string;
}

const sector = 2048;
const volumeId = 'cidata';
/** Where things stand, in sectors. The first 16 are the system's and empty. */
const at = {
  primary: 16,
  joliet: 17,
  end: 18,
  table: 19,
  jolietTable: 21,
  root: 23,
  jolietRoot: 24,
  files: 25,
} as const;

/**
 * An ISO 9660 image with the volume id `cidata` that cloud-init finds as its NoCloud medium. Names stand in its Joliet tree, which Linux prefers; the plain one
 * holds short names for the format's sake. Equal files give equal bytes. By ECMA-119 and the Joliet specification.
 */
export function seedIso(seed: SeedFiles): Uint8Array {
  const files = Object.entries(seed)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, text]) => ({ name, bytes: Buffer.from(text, 'utf8'), extent: 0 }));
  let next: number = at.files;
  for (const file of files) {
    file.extent = next;
    next += Math.max(1, Math.ceil(file.bytes.length / sector));
  }
  const image = Buffer.alloc(next * sector);
  const place = (bytes: Buffer, where: number) => bytes.copy(image, where * sector);

  place(
    descriptor(1, next, at.root, at.table, (text, length) => Buffer.from(text.toUpperCase().padEnd(length), 'latin1')),
    at.primary,
  );
  // The kernel and blkid read the label from here; it must be lower case for older cloud-init.
  image.write(volumeId.padEnd(32), at.primary * sector + 40, 'latin1');
  const joliet = descriptor(2, next, at.jolietRoot, at.jolietTable, (text, length) =>
    utf16(text.padEnd(length / 2)).subarray(0, length),
  );
  joliet.write('%/E', 88, 'latin1');
  place(joliet, at.joliet);
  place(Buffer.from([255, ...Buffer.from('CD001', 'latin1'), 1]), at.end);
  for (const [table, root] of [
    [at.table, at.root],
    [at.jolietTable, at.jolietRoot],
  ] as const) {
    place(pathTable(root, 'little'), table);
    place(pathTable(root, 'big'), table + 1);
  }
  place(
    directory(
      at.root,
      files.map((file, index) => ({ ...file, id: Buffer.from(`FILE${index}.;1`, 'latin1') })),
    ),
    at.root,
  );
  place(
    directory(
      at.jolietRoot,
      files.map((file) => ({ ...file, id: utf16(file.name) })),
    ),
    at.jolietRoot,
  );
  for (const { bytes, extent } of files) place(bytes, extent);
  return image;
}

type Entry = { readonly id: Buffer; readonly bytes: Buffer; readonly extent: number };

function descriptor(
  type: number,
  sectors: number,
  root: number,
  table: number,
  write: (text: string, length: number) => Buffer,
): Buffer {
  const block = Buffer.alloc(sector);
  block[0] = type;
  block.write('CD001', 1, 'latin1');
  block[6] = 1;
  write('', 32).copy(block, 8);
  write(volumeId, 32).copy(block, 40);
  both32(block, 80, sectors);
  both16(block, 120, 1);
  both16(block, 124, 1);
  both16(block, 128, sector);
  both32(block, 132, 10);
  block.writeUInt32LE(table, 140);
  block.writeUInt32BE(table + 1, 148);
  record(Buffer.from([0]), root, sector, true).copy(block, 156);
  for (const [where, length] of [
    [190, 128],
    [318, 128],
    [446, 128],
    [574, 128],
    [702, 37],
    [739, 37],
    [776, 37],
  ] as const)
    write('', length).copy(block, where);
  // Four times "no date": sixteen zeros and a time zone.
  for (const where of [813, 830, 847, 864]) block.write('0'.repeat(16), where, 'latin1');
  block[881] = 1;
  return block;
}

function directory(self: number, entries: readonly Entry[]): Buffer {
  const records = [record(Buffer.from([0]), self, sector, true), record(Buffer.from([1]), self, sector, true)];
  const sorted = entries.toSorted((a, b) => Buffer.compare(a.id, b.id));
  return Buffer.concat([...records, ...sorted.map(({ id, extent, bytes }) => record(id, extent, bytes.length, false))]);
}

function record(id: Buffer, extent: number, size: number, isDirectory: boolean): Buffer {
  const length = 33 + id.length + ((33 + id.length) % 2);
  const bytes = Buffer.alloc(length);
  bytes[0] = length;
  both32(bytes, 2, extent);
  both32(bytes, 10, size);
  bytes[25] = isDirectory ? 2 : 0;
  both16(bytes, 28, 1);
  bytes[32] = id.length;
  id.copy(bytes, 33);
  return bytes;
}

/** The path table of a volume with nothing but a root. */
function pathTable(root: number, order: 'little' | 'big'): Buffer {
  const bytes = Buffer.alloc(10);
  bytes[0] = 1;
  if (order === 'little') {
    bytes.writeUInt32LE(root, 2);
    bytes.writeUInt16LE(1, 6);
  } else {
    bytes.writeUInt32BE(root, 2);
    bytes.writeUInt16BE(1, 6);
  }
  return bytes;
}

/** ISO 9660 writes most numbers twice, little-endian and big-endian. */
function both32(bytes: Buffer, where: number, value: number): void {
  bytes.writeUInt32LE(value, where);
  bytes.writeUInt32BE(value, where + 4);
}

function both16(bytes: Buffer, where: number, value: number): void {
  bytes.writeUInt16LE(value, where);
  bytes.writeUInt16BE(value, where + 2);
}

const utf16 = (text: string) => Buffer.from(text, 'utf16le').swap16();
