const sector = 2048;

/** The files at the top of an ISO 9660 image, by name; undefined when it is no such image. Long names by Joliet or Rock Ridge. */
export function readIso(image: Buffer): { readonly label: string; readonly files: Map<string, Buffer> } | undefined {
  const primary = descriptor(image, 1);
  if (!primary) return undefined;
  const joliet = descriptor(image, 2);
  const chosen = joliet ?? primary;
  const label = primary.toString('latin1', 40, 72).trim();
  const root = chosen.subarray(156, 190);
  const directory = image.subarray(root.readUInt32LE(2) * sector).subarray(0, root.readUInt32LE(10));
  const files = new Map<string, Buffer>();
  for (const record of records(directory)) {
    const isFolder = ((record[25] ?? 0) & 2) !== 0;
    if (isFolder) continue;
    const from = record.readUInt32LE(2) * sector;
    files.set(nameOf(record, joliet !== undefined), image.subarray(from, from + record.readUInt32LE(10)));
  }
  return { label, files };
}

function descriptor(image: Buffer, type: number): Buffer | undefined {
  for (let at = 16; (at + 1) * sector <= image.length; at++) {
    const block = image.subarray(at * sector, (at + 1) * sector);
    if (block.toString('latin1', 1, 6) !== 'CD001') return undefined;
    if (block[0] === type) return block;
    if (block[0] === 255) return undefined;
  }
  return undefined;
}

function* records(directory: Buffer): Generator<Buffer> {
  for (let at = 0; at < directory.length; ) {
    const length = directory[at] ?? 0;
    if (length === 0) at = (Math.floor(at / sector) + 1) * sector;
    else {
      yield directory.subarray(at, at + length);
      at += length;
    }
  }
}

function nameOf(record: Buffer, joliet: boolean): string {
  const length = record[32] ?? 0;
  const raw = record.subarray(33, 33 + length);
  if (joliet) return Buffer.from(raw).swap16().toString('utf16le').replace(/;1$/, '');
  // Rock Ridge keeps the real name in an NM entry after the record's own.
  for (
    let at = 33 + length + (length % 2 === 0 ? 1 : 0);
    at + 4 < record.length;
    at += record[at + 2] || record.length
  ) {
    if (record.toString('latin1', at, at + 2) === 'NM')
      return record.toString('utf8', at + 5, at + (record[at + 2] ?? 5));
  }
  return raw
    .toString('latin1')
    .replace(/\.?;1$/, '')
    .toLowerCase();
}
