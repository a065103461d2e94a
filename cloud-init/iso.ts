export interface IsoFile {
  /** At most 64 characters. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * An ISO 9660 image (ECMA-119) with one folder. The files' names stand in its Joliet tree, which systems prefer; the plain tree has the short names that the
 * standard allows. There are no dates, so that equal files give equal bytes. Throws a `RangeError` when the names don't fit into one sector.
 */
export function writeIso(volumeId: string, files: readonly IsoFile[]): Uint8Array {
  const placed = place(files.toSorted((one, other) => (one.name < other.name ? -1 : 1)));
  const sectors = placed.reduce<number>((end, file) => end + sectorsOf(file.bytes), at.files);
  const plainFolder = folder(
    at.plainFolder,
    placed.map((file, index) => ({ ...file, id: Buffer.from(`FILE${index}.;1`, 'latin1') })),
  );
  const jolietFolder = folder(
    at.jolietFolder,
    placed.map((file) => ({ ...file, id: utf16(file.name) })),
  );

  const image = Buffer.alloc(sectors * sector);
  const put = (where: number, bytes: Uint8Array) => image.set(bytes, where * sector);
  put(at.plain, descriptor({ sectors, tables: at.plainTables, folder: at.plainFolder, volumeId, joliet: false }));
  put(at.joliet, descriptor({ sectors, tables: at.jolietTables, folder: at.jolietFolder, volumeId, joliet: true }));
  put(at.end, Buffer.from('\xffCD001\x01', 'latin1'));
  put(at.plainTables, pathTables(at.plainFolder));
  put(at.jolietTables, pathTables(at.jolietFolder));
  put(at.plainFolder, plainFolder);
  put(at.jolietFolder, jolietFolder);
  for (const { start, bytes } of placed) put(start, bytes);
  return image;
}

const sector = 2048;

/** Where things stand, in sectors. The first 16 belong to the system and are empty; path tables have two, one for each byte order. */
const at = {
  plain: 16,
  joliet: 17,
  end: 18,
  plainTables: 19,
  jolietTables: 21,
  plainFolder: 23,
  jolietFolder: 24,
  files: 25,
} as const;

type Placed = IsoFile & { readonly start: number };

function place(files: readonly IsoFile[]): Placed[] {
  let start: number = at.files;
  return files.map((file) => {
    const here = { ...file, start };
    start += sectorsOf(file.bytes);
    return here;
  });
}

const sectorsOf = (bytes: Uint8Array) => Math.max(1, Math.ceil(bytes.length / sector));

interface Volume {
  readonly sectors: number;
  readonly tables: number;
  readonly folder: number;
  readonly volumeId: string;
  readonly joliet: boolean;
}

/** A volume descriptor. The numbers are the byte positions of the standard's section 8.4. */
function descriptor({ sectors, tables, folder, volumeId, joliet }: Volume): Buffer {
  const block = Buffer.alloc(sector);
  const text = (from: number, to: number, words = '') => {
    const length = to - from;
    block.set(joliet ? utf16(words.padEnd(length / 2)).subarray(0, length) : Buffer.from(words.padEnd(length)), from);
  };
  block[0] = joliet ? 2 : 1;
  block.write('CD001\x01', 1, 'latin1');
  text(8, 40);
  text(40, 72, volumeId);
  twice32(block, 80, sectors);
  // These three characters say that names are UCS-2.
  if (joliet) block.write('%/E', 88, 'latin1');
  twice16(block, 120, 1);
  twice16(block, 124, 1);
  twice16(block, 128, sector);
  twice32(block, 132, pathTableLength);
  block.writeUInt32LE(tables, 140);
  block.writeUInt32BE(tables + 1, 148);
  block.set(record(Buffer.of(0), folder, sector, isFolder), 156);
  for (const [from, to] of nameFields) text(from, to);
  // Four times "no date": sixteen zeros and a time zone of 0.
  for (const from of [813, 830, 847, 864]) block.write('0'.repeat(16), from, 'latin1');
  block[881] = 1;
  return block;
}

/** Set, publisher, preparer, application, and the names of three files: all blank. */
const nameFields = [
  [190, 318],
  [318, 446],
  [446, 574],
  [574, 702],
  [702, 739],
  [739, 776],
  [776, 813],
] as const;

/** The folder's sector: itself, its parent (also itself), and its files by name. */
function folder(start: number, files: readonly (Placed & { readonly id: Buffer })[]): Buffer {
  const records = Buffer.concat([
    record(Buffer.of(0), start, sector, isFolder),
    record(Buffer.of(1), start, sector, isFolder),
    ...files.map(({ id, start: from, bytes }) => record(id, from, bytes.length, 0)),
  ]);
  if (records.length > sector) throw new RangeError('The files’ names do not fit into one sector.');
  return records;
}

const isFolder = 2;

function record(id: Buffer, start: number, length: number, flags: number): Buffer {
  const size = 33 + id.length;
  const bytes = Buffer.alloc(size + (size % 2));
  bytes[0] = bytes.length;
  twice32(bytes, 2, start);
  twice32(bytes, 10, length);
  bytes[25] = flags;
  twice16(bytes, 28, 1);
  bytes[32] = id.length;
  bytes.set(id, 33);
  return bytes;
}

const pathTableLength = 10;

/** The path table of a volume with one folder: little-endian in the first sector, big-endian in the second. */
function pathTables(start: number): Buffer {
  const bytes = Buffer.alloc(2 * sector);
  bytes[0] = 1;
  bytes.writeUInt32LE(start, 2);
  bytes.writeUInt16LE(1, 6);
  bytes[sector] = 1;
  bytes.writeUInt32BE(start, sector + 2);
  bytes.writeUInt16BE(1, sector + 6);
  return bytes;
}

/** ISO 9660 writes most numbers twice, little-endian and big-endian. */
function twice32(bytes: Buffer, from: number, value: number): void {
  bytes.writeUInt32LE(value, from);
  bytes.writeUInt32BE(value, from + 4);
}

function twice16(bytes: Buffer, from: number, value: number): void {
  bytes.writeUInt16LE(value, from);
  bytes.writeUInt16BE(value, from + 2);
}

const utf16 = (text: string) => Buffer.from(text, 'utf16le').swap16();
