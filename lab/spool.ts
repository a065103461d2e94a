import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Cluster } from './cluster.ts';
import { engineVolume } from './drive.ts';
import { badParameters, died } from './problem.ts';
import type { StorageSpec, VolumeRecord } from './state.ts';
import { recordVolume, removeVolume } from './volumes.ts';

/** Bytes that wait in a temporary file until a task takes them. */
export interface Spool extends AsyncDisposable {
  readonly file: string;
  /** How Proxmox names it in logs. */
  readonly name: string;
  readonly size: number;
  readonly algorithm: string;
  /** In hex. */
  readonly hash: string;
}

/** Writes a stream to a temporary file, hashing it on the way. */
export async function spool(bytes: AsyncIterable<Uint8Array>, algorithm = 'sha256'): Promise<Spool> {
  const id = randomBytes(16).toString('hex');
  const dir = join(tmpdir(), 'botswain-lab');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, `pveupload-${id}`);
  const hash = createHash(algorithm);
  let size = 0;
  const count = new Transform({
    transform(chunk: Uint8Array, _, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  const remove = () => rm(file, { force: true });
  try {
    await pipeline(Readable.from(bytes), count, createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    file,
    name: `/var/tmp/pveupload-${id}`,
    size,
    algorithm,
    hash: hash.digest('hex'),
    [Symbol.asyncDispose]: remove,
  };
}

const extensions: Record<string, RegExp> = {
  iso: /\.(iso|img)$/i,
  vztmpl: /\.tar\.(gz|xz|zst)$/i,
  import: /\.(ova|ovf|qcow2|raw|vmdk)$/i,
};
const folders: Record<string, string> = { iso: 'iso', vztmpl: 'vztmpl', import: 'import' };

/** Where a file of this kind and name goes, after cleaning the name as Proxmox does. */
export function volidFor(storage: StorageSpec, content: string, filename: string): string {
  const name = filename
    .replace(/^.*[/\\]/, '')
    .trim()
    .replace(/[^a-zA-Z0-9_.-]/g, '_');
  if (!extensions[content]?.test(name)) throw badParameters({ filename: 'wrong file extension' });
  if (!storage.content.includes(content))
    throw died(`storage '${storage.storage}' is not configured for content-type '${content}'`);
  return `${storage.storage}:${folders[content]}/${name}`;
}

/** Gives spooled bytes to the engine under their name. An image to import must be one. */
export async function keepSpool(
  cluster: Cluster,
  waiting: Spool,
  target: { volid: string; storage: StorageSpec; node: string; content: string },
): Promise<VolumeRecord> {
  const format =
    target.content === 'import' ? (target.volid.split('.').at(-1) ?? 'raw') : target.content === 'iso' ? 'iso' : 'tgz';
  const record = recordVolume(cluster, {
    ...target,
    format,
    size: waiting.size,
    checksum: `${waiting.algorithm}:${waiting.hash}`,
  });
  try {
    await cluster.engine.store(engineVolume(record), createReadStream(waiting.file));
    if (target.content === 'import') await cluster.engine.inspect(engineVolume(record));
  } catch (error) {
    await removeVolume(cluster, record);
    throw new Error(`qemu-img: Could not open '${waiting.name}': ${(error as Error).message}`, { cause: error });
  }
  return record;
}
