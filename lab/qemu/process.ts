import { readFileSync, rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that may have been started by an earlier run of the lab. */
export interface FoundProcess {
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/**
 * The living process of a pid file; undefined when it is gone. Pids are used again, so its command line must name the pid file.
 */
export function findProcess(pidFile: string): FoundProcess | undefined {
  const pid = Number(readIfThere(pidFile));
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined;
  const commandLine = readIfThere(`/proc/${pid}/cmdline`);
  if (!commandLine.split('\0').includes(pidFile)) return undefined;
  // QEMU takes its pid file away when it ends, at any moment.
  const file = statSync(pidFile, { throwIfNoEntry: false });
  return file && { pid, startedAt: Math.round(file.mtimeMs) };
}

/** Ends the process of a pid file: politely first, by force after `graceMs`. Resolves when it is gone. */
export async function endProcess(pidFile: string, graceMs = 2000): Promise<void> {
  const found = findProcess(pidFile);
  if (found) {
    signalProcess(found.pid, 'SIGTERM');
    if (!(await gone(pidFile, graceMs))) {
      signalProcess(found.pid, 'SIGKILL');
      await gone(pidFile, graceMs);
    }
  }
  rmSync(pidFile, { force: true });
}

async function gone(pidFile: string, limitMs: number): Promise<boolean> {
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; await sleep(20)) {
    if (!findProcess(pidFile)) return true;
  }
  return false;
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended by itself in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return '';
    throw error;
  }
}
