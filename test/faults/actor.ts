import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../child.ts';

/** What a real process does to itself at a site: `kill -9`, SIGSTOP, or nothing at all for so many ms. */
export interface Strike {
  readonly site: string;
  readonly nth?: number;
  readonly how: 'SIGKILL' | 'SIGSTOP' | number;
}

/** A part of the program in a process of its own that will be struck. */
export async function startActor(
  configFile: string,
  { site, nth = 1, how }: Strike,
  part: 'worker' | 'gateway' = 'worker',
): Promise<Child> {
  const url = new URL('./strike-at.ts', import.meta.url);
  url.search = String(new URLSearchParams({ site, nth: String(nth), how: String(how) }));
  return startChild(part, configFile, [url]);
}

/** A module for `--import` that shifts a process' wall clock. */
export function clockOff(ms: number): URL {
  const url = new URL('./shift-clock.ts', import.meta.url);
  url.search = `ms=${ms}`;
  return url;
}

/** Resolves when the kernel says that the process is stopped; false when it has not been after a while. */
export async function isStopped({ pid }: Child, limitMs: number): Promise<boolean> {
  for (let waited = 0; waited < limitMs; waited += 20) {
    if (/^State:\tT/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return true;
    await sleep(20);
  }
  return false;
}
