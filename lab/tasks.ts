import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from './access.ts';

/** A running task, as its own work sees it. */
export interface Task {
  readonly signal: AbortSignal;
  log(line: string): void;
  /** A warning makes the exit status `WARNINGS: n`, which counts as success. */
  warn(line: string): void;
}

/** What Proxmox keeps about a task. Times in seconds since the epoch. */
export interface TaskRecord {
  readonly upid: string;
  readonly node: string;
  readonly pid: number;
  readonly pstart: number;
  readonly starttime: number;
  readonly type: string;
  readonly id: string;
  /** `root@pam` or `root@pam!lab`. */
  readonly owner: string;
  readonly lines: string[];
  endtime: number | undefined;
  exitstatus: string | undefined;
}

export interface Tasks {
  /** Begins a task and answers its UPID at once; `work` runs behind it, and its error becomes the exit status. */
  start(what: NewTask, work: (task: Task) => Promise<void>): string;
  find(upid: string): TaskRecord | undefined;
  /** Newest first. */
  all(): TaskRecord[];
  /** Ends the worker; resolves when it is gone. With `kill` it can clear nothing away. */
  stop(upid: string, options?: { readonly kill?: boolean }): Promise<void>;
  /** Its exit status once it has ended, undefined when it has not after `withinMs`. */
  ended(upid: string, withinMs: number): Promise<string | undefined>;
  /** Resolves when no task runs any more. */
  settle(): Promise<void>;
}

export interface NewTask {
  readonly node: string;
  readonly type: string;
  readonly id: string;
  readonly caller: Pick<Caller, 'name'>;
}

const killed = 'killed';

/** Whether a task's process is gone without a chance to clear anything away. */
export const wasKilled = ({ reason }: AbortSignal): boolean => reason instanceof Error && reason.message === killed;

/** `before` is called with each new task and may make it fail or wait (see `faults.ts`). */
export function makeTasks(options: { before: (record: TaskRecord) => Promise<void>; onEnd: () => void }): Tasks {
  const records = new Map<string, TaskRecord>();
  const running = new Map<string, { stop: AbortController; done: Promise<void> }>();
  const bootedAt = Date.now();
  let lastPid = 1000;

  function start(what: NewTask, work: (task: Task) => Promise<void>): string {
    const record = newRecord(what, ++lastPid, Math.round((Date.now() - bootedAt) / 10) + lastPid);
    const stop = new AbortController();
    records.set(record.upid, record);
    const done = carryOut(record, work, stop.signal).finally(() => running.delete(record.upid));
    running.set(record.upid, { stop, done });
    return record.upid;
  }

  async function carryOut(record: TaskRecord, work: (task: Task) => Promise<void>, signal: AbortSignal) {
    let warnings = 0;
    const task: Task = {
      signal,
      log: (line) => void record.lines.push(line),
      warn: (line) => {
        warnings++;
        record.lines.push(`WARN: ${line}`);
      },
    };
    try {
      await options.before(record);
      await work(task);
      finish(record, warnings > 0 ? `WARNINGS: ${warnings}` : 'OK');
    } catch (error) {
      finish(record, signal.aborted ? interrupted(error, signal) : message(error));
    } finally {
      options.onEnd();
    }
  }

  async function stop(upid: string, { kill = false }: { readonly kill?: boolean } = {}): Promise<void> {
    const worker = running.get(upid);
    worker?.stop.abort(new Error(kill ? killed : 'interrupted by signal'));
    await worker?.done;
  }

  async function ended(upid: string, withinMs: number): Promise<string | undefined> {
    const enough = new AbortController();
    const late = sleep(withinMs, undefined, { signal: enough.signal, ref: false }).catch(() => undefined);
    await Promise.race([running.get(upid)?.done, late]);
    enough.abort();
    return records.get(upid)?.exitstatus;
  }

  return {
    start,
    stop,
    ended,
    find: (upid) => records.get(upid),
    all: () => [...records.values()].reverse(),
    settle: async () => {
      while (running.size > 0) await Promise.all([...running.values()].map((worker) => worker.done));
    },
  };
}

function newRecord(what: NewTask, pid: number, pstart: number): TaskRecord {
  const starttime = Math.floor(Date.now() / 1000);
  const { node, type, id } = what;
  const numbers = [pid, pstart, starttime]
    .map((number) => number.toString(16).toUpperCase().padStart(8, '0'))
    .join(':');
  const upid = `UPID:${node}:${numbers}:${type}:${id}:${what.caller.name}:`;
  const owner = what.caller.name;
  return { upid, node, pid, pstart, starttime, type, id, owner, lines: [], endtime: undefined, exitstatus: undefined };
}

function finish(record: TaskRecord, exitstatus: string): void {
  if (exitstatus === 'OK' || exitstatus.startsWith('WARNINGS')) record.lines.push(`TASK ${exitstatus}`);
  else if (exitstatus !== 'unexpected status') record.lines.push(`TASK ERROR: ${exitstatus}`);
  record.endtime = Math.floor(Date.now() / 1000);
  record.exitstatus = exitstatus;
}

/** A killed worker either says so or just stops writing. */
function interrupted(error: unknown, signal: AbortSignal): string {
  const said = wasKilled(signal) ? killed : message(error);
  return said.includes('interrupted by signal') ? said : 'unexpected status';
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
