import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.ts';

/** A folder where an image is built, and root's hands in it. */
export interface Workshop extends AsyncDisposable {
  readonly folder: string;
  /** Runs a program as the root that owns the image's files: the real one, or that of a user namespace. */
  asRoot(program: string, args: readonly string[]): Promise<string>;
}

/**
 * Root builds beside the image. Others build below the temporary directory, as the user namespace that stands in for root
 * is a stranger to their private folders.
 */
export async function openWorkshop(folder: string): Promise<Workshop> {
  const isRoot = process.getuid?.() === 0;
  const work = await mkdtemp(join(isRoot ? folder : tmpdir(), 'image-build-'));
  if (!isRoot) await chmod(work, 0o777);
  const asRoot: Workshop['asRoot'] = (program, args) =>
    isRoot ? runCommand(program, args) : runCommand('mmdebstrap', ['--unshare-helper', program, ...args]);
  return {
    folder: work,
    asRoot,
    async [Symbol.asyncDispose]() {
      await asRoot('rm', ['-rf', join(work, 'root')]);
      await rm(work, { recursive: true, force: true });
    },
  };
}
