import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Begins to watch the machine; the answer tells which share of its cores other programs have had since, in percent. */
export function watchOthers(): () => number {
  const from = readTicks();
  const began = performance.now();
  return () => {
    const to = readTicks();
    // The kernel counts in hundredths of a second.
    const capacity = ((performance.now() - began) / 10) * cpus().length;
    return Math.max(0, (100 * (to.busy - from.busy - (to.ours - from.ours))) / capacity);
  };
}

/** The CPU time that a process of ours has had, s. */
export function cpuSeconds(pid: number): number {
  const stat = numbers(`/proc/${pid}/stat`);
  return sum(stat.slice(10, 12)) / 100;
}

/** CPU time since the machine's start: of all programs, and of this one with the processes that it started. */
function readTicks(): { busy: number; ours: number } {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = numbers('/proc/stat');
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const ours = pids.flatMap((pid) => {
    const stat = numbers(`/proc/${pid}/stat`);
    const [parent = 0, own = 0, ended = 0] = [stat[0], sum(stat.slice(10, 12)), sum(stat.slice(12, 14))];
    return parent === process.pid || Number(pid) === process.pid ? [own + ended] : [];
  });
  return { busy: user + nice + system + irq + softIrq, ours: sum(ours) };
}

/** The numbers of the file's first line, after its name and, for a process, its state; none when the process has just ended. */
function numbers(file: string): number[] {
  try {
    const [line = ''] = readFileSync(file, 'utf8').split('\n');
    return line
      .replace(/^cpu +|^\d+ \(.*\) \S /, '')
      .split(' ')
      .map(Number);
  } catch {
    // A process may end between being listed and being read.
    return [];
  }
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
