import { z } from 'zod';
import type { Api } from './api.ts';
import { ProxmoxError } from './errors.ts';
import { Amount, rows } from './shapes.ts';
import { shorten } from './shorten.ts';

export interface LogReader {
  /**
   * Reads what came since the last time, up to {@link mostPages} pages. The last line may be half of one that the
   * task is still writing: it is told when another follows, or when the task has `ended`. Then the last lines
   * are told too, however long the log is.
   */
  read(ended?: boolean): Promise<void>;
  /** What the task warned of, as far as it was read: the first 20. */
  readonly warnings: string[];
}

/** As much of one task's log as a thread bears and a person reads. */
const mostLines = 2000;
const lastLines = 20;
const mostCharacters = 1000;
const mostWarnings = 20;
const pageSize = 500;
/** A task may write faster than we read: whoever reads also has to see that it ended. */
const mostPages = 4;
const mostBytes = 4 * 1024 ** 2;

/**
 * Reads the log of the task at this API path from where it was left, page by page. Of the lines that tell how much was copied one per tenth goes on to `onLog`,
 * and no more than 2000 lines of a log, then how many were left out, and its last 20.
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
  let told = 0;
  let tenth = 0;
  let givenUp = false;

  return { read, warnings };

  async function read(ended = false): Promise<void> {
    for (let pages = 0; pages < mostPages && told < mostLines && !givenUp; pages++) {
      const { lines } = await page(seen, pageSize);
      const whole = ended || lines.length >= pageSize ? lines : lines.slice(0, -1);
      for (const { n, t } of whole) {
        if (told >= mostLines) break;
        seen = n;
        take(t);
      }
      if (lines.length < pageSize && told < mostLines) return;
    }
    if (ended && !givenUp) await readEnd();
  }

  async function readEnd(): Promise<void> {
    const { total } = await page(seen, 1);
    const leftOut = total - lastLines - seen;
    if (leftOut > 0) {
      onLog?.(`… ${leftOut === 1 ? '1 line' : `${leftOut} lines`} left out`);
      seen += leftOut;
    }
    for (const { t } of (await page(seen, lastLines)).lines) take(t);
  }

  async function page(start: number, limit: number): Promise<{ lines: LogLine[]; total: number }> {
    try {
      const { data, total } = await api.getPage(`${task}/log`, LogLines, { start, limit }, { signal, mostBytes });
      return { lines: data.filter(({ n, t }) => n > start && !isPlaceholder(n, t)), total };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ProxmoxError)) throw error;
      // The log is for reading along. What counts is the task's exit status, and a later look reads these lines too.
      if (error.kind === 'answer too long') {
        givenUp = true;
        onLog?.(`… the rest of the log is left out: ${error.message}`);
      }
      return { lines: [], total: 0 };
    }
  }

  function take(line: string): void {
    if (line.startsWith('WARN: ') && warnings.length < mostWarnings)
      warnings.push(shorten(line.slice('WARN: '.length), mostCharacters));
    if (/^TASK (OK|ERROR|WARNINGS)\b/.test(line)) return;
    const copied = /^transferred .*\((\d+(?:\.\d+)?)%\)/.exec(line);
    if (copied) {
      const now = Math.floor(Number(copied[1]) / 10);
      if (now <= tenth) return;
      tenth = now >= 10 ? 0 : now;
    }
    told++;
    onLog?.(shorten(line, mostCharacters));
  }
}

const LogLine = z.object({ n: Amount, t: z.string() });
type LogLine = z.infer<typeof LogLine>;

/** Of a task that is not known 8.x sends one line instead of a list. */
const LogLines = z.union([rows(LogLine), LogLine.transform((line) => [line])]);

/** What Proxmox writes into an empty log, so that its own pages show something. */
const isPlaceholder = (n: number, text: string) => n === 1 && /^(no content$|unable to open file)/.test(text);
