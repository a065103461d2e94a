import { join } from 'node:path';
import { type Reporting, startReporting } from './reporting.ts';

/** What the lab tells of itself when it is ready. */
export interface LabReady {
  readonly url: string;
  readonly fingerprint: string;
  readonly token: { readonly id: string; readonly secret: string };
  readonly jump: { readonly host: string; readonly port: number; readonly user: string };
  readonly images: {
    readonly catalog: readonly { readonly name: string; readonly url: string; readonly sums: string }[];
  };
}

/** Starts the lab as a process of its own: to the bot it is a Proxmox like any other. */
export function startLabProcess(options: {
  entry: string;
  stateDir: string;
  /** Where the image is built and kept, when not in the lab's own folder. */
  imagesDir?: string;
  engine: 'qemu' | 'simulated';
  keep: boolean;
  /** Times as on a real Proxmox; the simulated lab is as fast as it can be otherwise. */
  realistic?: boolean;
  /** It keeps nothing for its next start; the QEMU engine needs a folder. */
  forgetful?: boolean;
  /** A file with Proxmox's description of its API: every call and answer is held against it. */
  schema?: string;
  onProgress(line: string): void;
}): Reporting<LabReady> {
  const {
    entry,
    stateDir,
    imagesDir,
    engine,
    keep,
    realistic = false,
    forgetful = false,
    schema,
    onProgress,
  } = options;
  const args = [
    ...['--engine', engine],
    ...(forgetful ? [] : ['--state', join(stateDir, 'lab', engine)]),
    ...(keep ? ['--keep'] : []),
    ...(realistic ? ['--realistic'] : []),
    ...(imagesDir === undefined ? [] : ['--images', imagesDir]),
    ...(schema === undefined ? [] : ['--schema', schema]),
  ];
  return startReporting({ name: 'the lab', entry, args, logFile: join(stateDir, 'log', 'lab.log'), onProgress });
}
