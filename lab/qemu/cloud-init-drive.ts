import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CloudInitFiles } from '../engine.ts';
import { runCommand } from './command.ts';

/** Writes the drive as Proxmox does for Linux guests: an ISO named `cidata` with the three NoCloud files. */
export async function writeCloudInitDrive(iso: string, files: CloudInitFiles): Promise<void> {
  const folder = await mkdtemp(join(dirname(iso), 'cloud-init-'));
  try {
    await writeFile(join(folder, 'meta-data'), files.metaData);
    await writeFile(join(folder, 'user-data'), files.userData);
    await writeFile(join(folder, 'network-config'), files.networkConfig);
    const partial = `${folder}.iso`;
    await runCommand('genisoimage', ['-quiet', '-iso-level', '3', '-R', '-V', 'cidata', '-o', partial, folder]);
    await rename(partial, iso);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
