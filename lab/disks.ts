import type { Cluster } from './cluster.ts';
import { type Drive, engineVolume, isCdrom, ownVolid, readDrive, storageOf, writeDrive } from './drive.ts';
import { badParameters, died } from './problem.ts';
import { writeSize } from './property.ts';
import type { Guest, VolumeRecord } from './state.ts';
import { enabledStorage, findStorage, findVolume, formattingLine, nextDiskVolid, recordVolume } from './volumes.ts';

const gib = 1024 ** 3;
const cloudInitSize = 4 * 1024 ** 2;

/** Where a new drive comes from, as its line says. */
type Wish =
  | { readonly kind: 'none' }
  | { readonly kind: 'existing'; readonly volid: string }
  | { readonly kind: 'cloud-init'; readonly storage: string }
  | { readonly kind: 'empty'; readonly storage: string; readonly bytes: number }
  | { readonly kind: 'import'; readonly storage: string; readonly from: string };

function wishOf(drive: Drive): Wish {
  if (drive.file === 'none' || drive.file === 'cdrom') return { kind: 'none' };
  const storage = storageOf(drive.file);
  const rest = drive.file.slice(storage.length + 1);
  if (rest === 'cloudinit') return { kind: 'cloud-init', storage };
  const from = drive.options['import-from'];
  if (from !== undefined) return { kind: 'import', storage, from };
  if (/^\d+(\.\d+)?$/.test(rest)) return { kind: 'empty', storage, bytes: Math.round(Number(rest) * gib) };
  return { kind: 'existing', volid: drive.file };
}

/** What can be said about a drive before any task: unknown storage, wrong content, a path of the host. */
export function checkWish(cluster: Cluster, line: string): void {
  const wish = wishOf(readDrive(line));
  if (wish.kind === 'none') return;
  if (wish.kind === 'existing') {
    if (wish.volid.startsWith('/'))
      throw died('Only root can pass arbitrary filesystem paths. at /usr/share/perl5/PVE/Storage.pm line 581.');
    findStorage(cluster.state, storageOf(wish.volid));
    return;
  }
  const storage = findStorage(cluster.state, wish.storage);
  if (!storage.content.includes('images')) {
    throw badParameters({ storage: `storage '${wish.storage}' does not support vm images` });
  }
  if (wish.kind === 'import' && wish.from.startsWith('/')) {
    throw died('Only root can pass arbitrary filesystem paths. at /usr/share/perl5/PVE/Storage.pm line 581.');
  }
  if (wish.kind === 'import') findStorage(cluster.state, storageOf(wish.from));
}

export interface Making {
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  /** Volumes made on the way, so that a failure can take them back. */
  readonly made: VolumeRecord[];
}

/** Makes or finds the volume behind a drive line, and answers the line as the config keeps it. */
export async function makeDrive(
  cluster: Cluster,
  guest: Guest,
  key: string,
  line: string,
  making: Making,
): Promise<string> {
  const drive = readDrive(line);
  const wish = wishOf(drive);
  const { format: asked, 'import-from': _, ...options } = drive.options;
  if (wish.kind === 'none') return writeDrive(drive);
  if (wish.kind === 'existing') return writeDrive({ ...drive, options: existing(cluster, guest, wish.volid, drive) });

  const storage = enabledStorage(cluster.state, wish.storage);
  const format = asked ?? 'qcow2';
  const cloudInit = wish.kind === 'cloud-init';
  const volid = cloudInit
    ? `${storage.storage}:${guest.vmid}/vm-${guest.vmid}-cloudinit.qcow2`
    : nextDiskVolid(cluster, storage, guest.node, guest.vmid, format);
  if (cloudInit && findVolume(cluster.state, volid, guest.node)) throw died(`disk image '${volid}' already exists`);
  const size = wish.kind === 'empty' ? wish.bytes : cloudInitSize;
  const common = { volid, storage, node: guest.node, content: 'images', format, vmid: guest.vmid };
  const record = recordVolume(cluster, { ...common, size, used: cloudInit ? 266_240 : 196_616 });
  making.made.push(record);
  if (wish.kind === 'import') await importDisk(cluster, guest, key, wish.from, record, making);
  else making.log(formattingLine(cluster.state, record));
  if (wish.kind === 'empty') await cluster.engine.createDisk(engineVolume(record), record.size);

  // A new cloud-init drive is listed without its size; Proxmox adds that when it is cloned.
  const made = writeDrive({
    file: volid,
    options: cloudInit ? { media: 'cdrom' } : { ...options, size: writeSize(record.size) },
  });
  making.log(cloudInit ? `${key}: successfully created disk '${made}'` : `${key}: successfully created disk '${made}'`);
  return made;
}

async function importDisk(
  cluster: Cluster,
  guest: Guest,
  key: string,
  from: string,
  record: VolumeRecord,
  making: Making,
): Promise<void> {
  const source = findVolume(cluster.state, ownVolid(from), guest.node);
  if (!source) throw died(`volume '${from}' does not exist`);
  const shape = await cluster.engine.inspect(engineVolume(source));
  record.size = shape.virtualSize;
  making.log(`${key}: importing disk '${from}'`);
  making.log(formattingLine(cluster.state, record));
  const progress = transferLog(shape.virtualSize, making.log);
  await cluster.engine.copyDisk(engineVolume(source), engineVolume(record), progress, making.signal);
  record.used = source.used;
}

function existing(cluster: Cluster, guest: Guest, volid: string, drive: Drive): Record<string, string> {
  const record = findVolume(cluster.state, ownVolid(volid), guest.node);
  if (!record) throw died(`volume '${volid}' does not exist`);
  const size = isCdrom(drive) ? Math.ceil(record.size / 512) * 512 : record.size;
  return { ...drive.options, size: writeSize(size) };
}

/** Writes `transferred 1.0 GiB of 2.0 GiB (50.00%)` lines, one per percent at most. */
export function transferLog(bytes: number, log: (line: string) => void): (fraction: number) => void {
  let last = -1;
  return (fraction) => {
    const percent = Math.floor(fraction * 100);
    if (percent === last) return;
    last = percent;
    log(`transferred ${human(bytes * fraction)} of ${human(bytes)} (${(fraction * 100).toFixed(2)}%)`);
  };
}

function human(bytes: number): string {
  for (const [unit, size] of [
    ['GiB', gib],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
  ] as const) {
    if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`;
  }
  return `${bytes.toFixed(1)} B`;
}
