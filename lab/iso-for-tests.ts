const sector = 2048;

/** A tiny ISO 9660 image with Rock Ridge names, written apart from the product's own writer. */
export function isoForTests(label: string, files: Readonly<Record<string, string>>): Buffer {
  const contents = Object.entries(files).map(([name, text]) => ({ name, bytes: Buffer.from(text) }));
  let next = 20;
  const placed = contents.map((file) => {
    const at = next;
    next += Math.max(1, Math.ceil(file.bytes.length / sector));
    return { ...file, at };
  });
  const image = Buffer.alloc(next * sector);
  const directory = Buffer.concat([
    entry(Buffer.of(0), 18, sector, 2, ''),
    entry(Buffer.of(1), 18, sector, 2, ''),
    ...placed.map(({ name, at, bytes }, index) => entry(Buffer.from(`F${index}.;1`), at, bytes.length, 0, name)),
  ]);
  const primary = image.subarray(16 * sector);
  primary[0] = 1;
  primary.write('CD001', 1);
  primary[6] = 1;
  primary.write(label.padEnd(32), 40);
  entry(Buffer.of(0), 18, sector, 2, '').copy(primary, 156, 0, 34);
  image[17 * sector] = 255;
  image.write('CD001', 17 * sector + 1);
  directory.copy(image, 18 * sector);
  for (const { at, bytes } of placed) bytes.copy(image, at * sector);
  return image;
}

function entry(id: Buffer, at: number, size: number, flags: number, name: string): Buffer {
  const padding = id.length % 2 === 0 ? 1 : 0;
  const rock =
    name === ''
      ? Buffer.alloc(0)
      : Buffer.concat([Buffer.from('NM'), Buffer.of(5 + name.length, 1, 0), Buffer.from(name)]);
  const length = 33 + id.length + padding + rock.length;
  const record = Buffer.alloc(length + (length % 2));
  record[0] = record.length;
  record.writeUInt32LE(at, 2);
  record.writeUInt32LE(size, 10);
  record[25] = flags;
  record[32] = id.length;
  id.copy(record, 33);
  rock.copy(record, 33 + id.length + padding);
  return record;
}
