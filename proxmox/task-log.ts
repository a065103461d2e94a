import { z } from 'zod';
import type { Api } from './api.ts';
import { ProxmoxError } from './errors.ts';
import { Amount } from './shapes.ts';

export interface LogReader {
  /**
   * Reads what came since the last time. The last line may be half of one that the task is still
   * writing: it is told when another follows, or when the task has `ended`.
   */
  read(ended?: boolean): Promise<void>;
  /** What the task warned of, as far as it was read. */
  readonly warnings: string[];
}

/**
 * Reads the log of the task at this API path from where it was left, page by page. Of the lines that tell how much was copied one per tenth goes on to `onLog`.
 *
 * GET /nodes/{node}/tasks/{upid}/log
 */
export function readTaskLog(
  api: Api,
  task: string,
  { signal, onLog }: { signal: AbortSignal; onLog?(line: string): void },
): LogReader {
  const warnings: string[] = [];
  let seen = 0;
  let tenth = 0;

  return { read, warnings };

  async function read(ended = false): Promise<void> {
    for (;;) {
      const lines = await page();
      const whole = ended || lines.length === pageSize ? lines : lines.slice(0, -1);
      for (const { n, t } of whole) {
        seen = n;
        take(t);
      }
      if (lines.length < pageSize) return;
    }
  }

  async function page(): Promise<LogLine[]> {
    try {
      const lines = await api.get(`${task}/log`, LogLines, { start: seen, limit: pageSize }, { signal });
      return lines.filter(({ n, t }) => n > seen && !isPlaceholder(n, t));
    } catch (error) {
      signal.throwIfAborted();
      // The log is for reading along. What counts is the task's exit status, and a later look reads these lines too.
      if (error instanceof ProxmoxError) return [];
      throw error;
    }
  }

  function take(line: string): void {
    if (line.startsWith('WARN: ')) warnings.push(line.slice('WARN: '.length));
    if (/^TASK (OK|ERROR|WARNINGS)\b/.test(line)) return;
    const copied = /^transferred .*\((\d+(?:\.\d+)?)%\)/.exec(line);
    if (copied) {
      const now = Math.floor(Number(copied[1]) / 10);
      if (now <= tenth) return;
      tenth = now >= 10 ? 0 : now;
    }
    onLog?.(line);
  }
}

const pageSize = 500;

const LogLine = z.object({ n: Amount, t: z.string() });
type LogLine = z.infer<typeof LogLine>;

/** Of a task that is not known 8.x sends one line instead of a list. */
const LogLines = z.union([z.array(LogLine), LogLine.transform((line) => [line])]);

/** What Proxmox writes into an empty log, so that its own pages show something. */
const isPlaceholder = (n: number, text: string) => n === 1 && /^(no content$|unable to open file)/.test(text);
