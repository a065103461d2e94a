import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { UserError } from '#base/errors.ts';
import { ending, lastLines, stop } from './child.ts';

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
  onProgress(line: string): void;
}): { ready: Promise<LabReady>; stop(): Promise<void> } {
  const { entry, stateDir, imagesDir, engine, keep, realistic = false, onProgress } = options;
  const args = [
    entry,
    '--engine',
    engine,
    '--state',
    join(stateDir, 'lab', engine),
    '--with-parent',
    ...(keep ? ['--keep'] : []),
    ...(realistic ? ['--realistic'] : []),
    ...(imagesDir === undefined ? [] : ['--images', imagesDir]),
  ];
  const logFile = join(stateDir, 'log', 'lab.log');
  const child = spawn(process.execPath, args, { detached: true, stdio: ['pipe', 'pipe', openSync(logFile, 'a')] });
  const ended = ending(child, 'the lab');
  const told = new Promise<LabReady>((resolve) => {
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => {
        const said = JSON.parse(line) as { progress?: string; ready?: true } & LabReady;
        if (said.progress !== undefined) onProgress(said.progress);
        if (said.ready) resolve(said);
      });
  });
  const ready = Promise.race([told, ended]).then((first) => {
    if (typeof first === 'string')
      throw new UserError(`${first} before it was ready:\n${lastLines(logFile)}`, { hint: `Its log is ${logFile}` });
    return first;
  });
  return { ready, stop: () => stop(child, ended) };
}
