import type { RunningMachine } from './machine.ts';

interface OpenDrive {
  readonly device: string;
  readonly inserted?: { readonly file: string };
}

/** Grows a disk that a running machine has open, so that its system sees it at once. False when none has. */
export async function resizeOpenDisk(
  machines: Iterable<RunningMachine>,
  file: string,
  bytes: number,
): Promise<boolean> {
  for (const { qmp } of machines) {
    const drives = (await qmp.execute('query-block')) as readonly OpenDrive[];
    const drive = drives.find((candidate) => candidate.inserted?.file === file);
    if (!drive) continue;
    await qmp.execute('block_resize', { device: drive.device, size: bytes });
    return true;
  }
  return false;
}
