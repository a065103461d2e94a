import { z } from 'zod';
import type { Clock } from '#base/clock.ts';
import type { Api } from './api.ts';
import { at } from './encode.ts';
import { ProxmoxError } from './errors.ts';
import { taskFailure } from './explain.ts';
import { Amount, Done, rows } from './shapes.ts';
import { type LogReader, readTaskLog } from './task-log.ts';

/** The name of a Proxmox task: `UPID:pve1:0000012D:00086D2C:6B010F9E:qmclone:9000:root@pam!bot:`. */
export type Upid = `UPID:${string}`;

export const Upid = z.custom<Upid>((value) => typeof value === 'string' && /^UPID:[^:]+:/.test(value), 'is no UPID');

export interface Follow {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Gets the task's log line by line; of a copy's progress each tenth. */
  onLog?(line: string): void;
}

/**
 * Waits until a task has ended, on the node that its UPID names. Resolves with its warnings when it ended well; throws a `ProxmoxError` by its exit
 * status when it did not. When Proxmox can't be asked for two minutes, or does not know the task any more, the error's outcome is
 * `unknown`: the task may be going on. An aborted signal ends the waiting, not the task.
 *
 * GET /nodes/{node}/tasks/{upid}/status, GET /nodes/{node}/tasks/{upid}/log
 */
export async function waitTask(api: Api, upid: Upid, follow: Follow): Promise<{ readonly warnings: string[] }> {
  const log = readTaskLog(api, pathOf(upid), follow);
  const exitStatus = await waitForEnd(api, upid, follow, log);
  const warned = /^WARNINGS: (\d+)$/.exec(exitStatus);
  if (warned || follow.onLog) await log.read(true);
  if (exitStatus === 'OK') return { warnings: [] };
  if (!warned) throw taskFailure(api.cluster, nameTask(upid), exitStatus);
  const { warnings } = log;
  return { warnings: warnings.length > 0 ? warnings : [`${nameTask(upid)} ended with ${warned[1]} warnings`] };
}

/**
 * Stops a task; resolves when its process is gone. One that has ended already, or is not known any more, is fine. Proxmox itself removes what a stopped clone
 * has made so far.
 *
 * DELETE /nodes/{node}/tasks/{upid}
 */
export async function stopTask(api: Api, upid: Upid): Promise<void> {
  try {
    await api.del(pathOf(upid), Done);
  } catch (error) {
    if (!isUnknownTask(error)) throw error;
  }
}

export interface RunningTask {
  readonly upid: Upid;
  readonly type: string;
  /** What it works on: a VMID, a storage, or nothing. A clone's is that of its source. */
  readonly id: string;
  /** Seconds since the epoch. */
  readonly startedAt: number;
}

/**
 * The tasks that run on a node now. Without Sys.Audit on the node a token sees only those it started itself.
 *
 * GET /nodes/{node}/tasks?source=active
 */
export async function runningTasks(
  api: Api,
  node: string,
  { vmid, type }: { vmid?: number; type?: string } = {},
): Promise<RunningTask[]> {
  const query = { source: 'active', ...{ vmid, typefilter: type } };
  const found = await api.get(at`/nodes/${node}/tasks`, rows(TaskRow), query);
  return found
    .filter(({ status }) => status === undefined || status === 'RUNNING')
    .map(({ upid, type, id, starttime }) => ({ upid, type, id: id ?? '', startedAt: starttime }));
}

const TaskRow = z.object({
  upid: Upid,
  type: z.string(),
  id: z.string().nullish(),
  status: z.string().optional(),
  starttime: Amount,
});

const TaskStatus = z.object({ status: z.string(), exitstatus: z.string().optional() });

/**
 * Whoever waits holds a place that others wait for: a task's end is noticed late by a fiftieth of its length on average. A clone of 1.5 s is looked at about 35
 * times, one of 25 s about 110 times; each look costs Proxmox some milliseconds.
 */
const firstWaitMs = 20;
const leastWaitMs = 40;
const shareOfElapsed = 0.04;
const mostWaitMs = 1_000;
/** How often the log of a task that goes on is read. */
const logEveryMs = 1_000;
/** How long Proxmox may be unreachable, or a new task unknown to it, before we give up. */
const patienceMs = 120_000;
const newTaskMs = 5_000;

async function waitForEnd(api: Api, upid: Upid, { clock, signal, onLog }: Follow, log: LogReader): Promise<string> {
  const path = `${pathOf(upid)}/status`;
  const start = clock.now();
  let heardAt = start;
  let unknown = 0;
  let readAt = start;
  for (let tries = 0; ; tries++) {
    signal.throwIfAborted();
    const least = tries === 0 ? firstWaitMs : leastWaitMs;
    let waitMs = Math.min(Math.max(least, (clock.now() - start) * shareOfElapsed), mostWaitMs);
    try {
      const { status, exitstatus } = await api.get(path, TaskStatus, undefined, { signal });
      if (status === 'stopped') return exitstatus ?? '';
      heardAt = clock.now();
      if (onLog && heardAt - readAt >= logEveryMs) {
        readAt = heardAt;
        await log.read();
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ProxmoxError)) throw error;
      const young = isUnknownTask(error) && ++unknown <= 3 && clock.now() - start < newTaskMs;
      const away = error.outcome === 'passing' && clock.now() - heardAt < patienceMs;
      if (!young && !away) throw lostSight(api.cluster, upid, error);
      waitMs = mostWaitMs;
    }
    await clock.sleep(waitMs, signal);
  }
}

/** The task itself may be well: what failed is asking about it. One that Proxmox forgot (its node lost power) runs no more, whatever it did. */
function lostSight(cluster: string, upid: Upid, cause: ProxmoxError): ProxmoxError {
  const forgotten = isUnknownTask(cause);
  const why = forgotten ? 'Proxmox does not know it any more' : cause.message;
  return new ProxmoxError(cluster, `the task ${nameTask(upid)} can't be followed any more: ${why}`, {
    kind: cause.kind,
    outcome: 'unknown',
    taskEnded: forgotten,
    ...(cause.hint === undefined ? {} : { hint: cause.hint }),
    cause,
  });
}

function isUnknownTask(error: unknown): boolean {
  return error instanceof ProxmoxError && error.status === 400 && /no such task/.test(error.fields.upid ?? '');
}

/** What a UPID tells. `node` is where the task runs, which need not be the node that was asked. */
function readUpid(upid: Upid): { readonly node: string; readonly type: string; readonly id: string } {
  const [, node = '', , , , type = '', id = ''] = upid.split(':');
  return { node, type, id };
}

/** A task for people: `qmclone 9000 on pve1`. */
function nameTask(upid: Upid): string {
  const { node, type, id } = readUpid(upid);
  return `${[type, id].filter(Boolean).join(' ')} on ${node}`;
}

const pathOf = (upid: Upid) => at`/nodes/${readUpid(upid).node}/tasks/${upid}`;
