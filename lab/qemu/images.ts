import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDiskImage } from './disk-build.ts';
import { buildRoot } from './root-build.ts';
import { openWorkshop } from './workshop.ts';

const name = 'lab-debian-12';
const recipe = join(import.meta.dirname, 'image');

export interface ImageOptions {
  /** The image and what is needed to build it lie in `images/` below this folder. */
  readonly dir: string;
  onProgress(line: string): void;
}

/**
 * The lab's cloud image: Debian 12 as a vendor ships it (cloud-init, no guest agent), small enough to start quickly on an
 * emulated processor. Built once per recipe, in about a minute; `image/customize.sh` says what is in it.
 */
export async function buildImage(options: ImageOptions): Promise<{ name: string; file: string }> {
  const folder = join(options.dir, 'images');
  const file = join(folder, `${name}-${await recipeHash()}.qcow2`);
  if (existsSync(file)) return { name: `${name}.qcow2`, file };

  await mkdir(folder, { recursive: true });
  await using work = await openWorkshop(folder);
  const root = await buildRoot(recipe, work, options.onProgress);
  options.onProgress('Writing the disk image.');
  await writeDiskImage(root, work, `${file}.partial`);
  await rename(`${file}.partial`, file);
  for (const old of await readdir(folder)) {
    if (old.startsWith(`${name}-`) && join(folder, old) !== file) await rm(join(folder, old));
  }
  return { name: `${name}.qcow2`, file };
}

/** A name for what the image is made of: the recipe's files and the code that writes the disk. */
async function recipeHash(): Promise<string> {
  const files = [join(import.meta.dirname, 'root-build.ts'), join(import.meta.dirname, 'disk-build.ts')];
  for await (const entry of glob('image/**', { cwd: import.meta.dirname, withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  }
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(file.slice(import.meta.dirname.length)).update(await readFile(file));
  return hash.digest('hex').slice(0, 12);
}
