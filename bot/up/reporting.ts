import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { UserError } from '#base/errors.ts';
import { ending, lastLines, stop } from './child.ts';

/** A part of the lab: a process that says on its standard output, in lines of JSON, how far it is and, when it is ready, what it is. */
export interface Reporting<Ready> {
  readonly pid: number;
  readonly ready: Promise<Ready>;
  stop(): Promise<void>;
}

/** Starts one. It ends when we do, however that happens: it sees its standard input close. */
export function startReporting<Ready>(options: {
  /** As sentences call it: `the lab`. */
  name: string;
  entry: string;
  args: readonly string[];
  logFile: string;
  onProgress(line: string): void;
}): Reporting<Ready> {
  const { name, entry, args, logFile, onProgress } = options;
  const stdio = ['pipe', 'pipe', openSync(logFile, 'a')] as const;
  const child = spawn(process.execPath, [entry, ...args, '--with-parent'], { detached: true, stdio: [...stdio] });
  const ended = ending(child, name);
  const told = new Promise<Ready>((resolve) => {
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => {
        const said = JSON.parse(line) as { progress?: string; ready?: true } & Ready;
        if (said.progress !== undefined) onProgress(said.progress);
        if (said.ready) resolve(said);
      });
  });
  const ready = Promise.race([told, ended]).then((first) => {
    if (typeof first === 'string')
      throw new UserError(`${first} before it was ready:\n${lastLines(logFile)}`, { hint: `Its log is ${logFile}` });
    return first;
  });
  let stopping = false;
  // What it held is gone with it, so nothing would fit another one.
  const tellEnd = async () => {
    const how = await ended;
    if (!stopping) onProgress(`${how}. Stop everything with Ctrl-C and start again.`);
  };
  // That it did not get ready is told by `ready`.
  ready.then(tellEnd, () => {});
  return {
    pid: child.pid ?? 0,
    ready,
    stop() {
      stopping = true;
      return stop(child, ended);
    },
  };
}
