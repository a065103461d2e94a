import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { UserError } from '#base/errors.ts';

/** A process that `up` started. It has a process group of its own, so that Ctrl-C reaches it through us, in the right order. */
export interface Child {
  readonly pid: number;
  /** What it said when it was ready. */
  readonly ready: { readonly url: string | null };
  /** Resolves with a sentence when it ends, whoever wanted that. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * V8 lets the space for young objects grow to 48 MB before it collects them, and each that has read from a socket holds a buffer of 64 KB; and the C library
 * keeps freed memory apart for each thread. `bot/tidy.ts` does the rest.
 */
export const frugal = { flags: ['--max-semi-space-size=2'], env: { MALLOC_ARENA_MAX: '1' } };

/** Starts a part of the bot by its own entry, its log in a file, what it tells said on; resolves when it says that it is ready. */
export async function startPart(
  part: string,
  args: readonly string[],
  options: { entry: string; logFile: string; env: NodeJS.ProcessEnv; say?(line: string): void },
): Promise<Child> {
  const log = openSync(options.logFile, 'a');
  const child = spawn(process.execPath, [...frugal.flags, options.entry, part, ...args], {
    detached: true,
    env: { ...frugal.env, ...options.env },
    stdio: ['ignore', log, log, 'ipc'],
  });
  const ended = ending(child, part);
  const ready = new Promise<{ url: string | null }>((resolve) =>
    child.on('message', (said: { ready: true; url: string | null } | { ready?: never; line: string }) =>
      said.ready ? resolve(said) : options.say?.(`${part}: ${said.line}`),
    ),
  );
  const first = await Promise.race([ready, ended]);
  if (typeof first === 'string')
    throw new UserError(`${first}:\n${lastLines(options.logFile)}`, { hint: `Its whole log is ${options.logFile}` });
  return { pid: child.pid ?? 0, ready: first, ended, stop: () => stop(child, ended) };
}

/** The end of a log, where the reason usually stands. */
export function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-6).join('\n');
}

/** Resolves when the process has ended, with how. */
export function ending(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`${name} could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`${name} ended ${signal ? `by ${signal}` : `with code ${code}`}`));
  });
}

/** Asks a process to end, and ends it after a minute: a lab with many machines takes some time. */
export async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  await ended;
  clearTimeout(timer);
}
