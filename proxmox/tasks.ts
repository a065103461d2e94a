import { z } from 'zod';
import type { Clock } from '#base/clock.ts';
import type { Api } from './api.ts';
import { at } from './encode.ts';
import { ProxmoxError } from './errors.ts';
import { taskFailure } from './explain.ts';
import { Amount, Done, rows } from './shapes.ts';
import { type LogReader, readTaskLog } from './task-log.ts';
import { mostPauseMs, paceOf } from './task-pace.ts';

/** The name of a Proxmox task: `UPID:pve1:0000012D:00086D2C:6B010F9E:qmclone:9000:root@pam!bot:`. */
export type Upid = `UPID:${string}`;

export const Upid = z.custom<Upid>(
  (value) => typeof value === 'string' && /^UPID:[^:]+:.{0,500}$/.test(value),
  'is no UPID',
);

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
  const isRead = follow.onLog && !(exitStatus === 'OK' && isTerse(upid));
  if (warned || isRead) await log.read(true);
  if (exitStatus === 'OK') return { warnings: [] };
  if (!warned) throw taskFailure(api.cluster, nameTask(upid), exitStatus);
  const { warnings } = log;
  const more = Number(warned[1]) - warnings.length;
  if (warnings.length === 0) return { warnings: [`${nameTask(upid)} ended with ${warned[1]} warnings`] };
  return { warnings: more > 0 ? [...warnings, `${nameTask(upid)} has ${more} more warnings in its log`] : warnings };
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

/** The log of a task that goes on is read after this, and then each time it has gone on for as long again, or this long. */
const firstLogMs = 1_000;
const mostLogMs = 15_000;
/** How long Proxmox may be unreachable, or a new task unknown to it, before we give up. */
const patienceMs = 120_000;
const newTaskMs = 5_000;

async function waitForEnd(api: Api, upid: Upid, { clock, signal, onLog }: Follow, log: LogReader): Promise<string> {
  const path = `${pathOf(upid)}/status`;
  const start = clock.now();
  const pace = paceOf(api.cluster, readUpid(upid));
  let heardAt = start;
  let unknown = 0;
  let logAt = start + firstLogMs;
  await clock.sleep(pace.pauseMs(0), signal);
  for (let looks = 1; ; looks++) {
    signal.throwIfAborted();
    let waitMs = pace.pauseMs(clock.now() - start);
    try {
      const { status, exitstatus } = await api.get(path, TaskStatus, undefined, { signal });
      heardAt = clock.now();
      if (status === 'stopped') {
        pace.took(heardAt - start, looks);
        return exitstatus ?? '';
      }
      if (onLog && heardAt >= logAt && !isTerse(upid)) {
        logAt = heardAt + Math.min(heardAt - start, mostLogMs);
        await log.read();
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ProxmoxError)) throw error;
      const young = isUnknownTask(error) && ++unknown <= 3 && clock.now() - start < newTaskMs;
      const away = error.outcome === 'passing' && clock.now() - heardAt < patienceMs;
      if (!young && !away) throw lostSight(api.cluster, upid, error);
      waitMs = mostPauseMs;
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

/** Whether it is HA that carries the task's wish out, some time after the task has ended. */
export const isLeftToHa = (upid: Upid): boolean => readUpid(upid).type.startsWith('ha');

/** Of these the log tells nothing that the exit status does not, unless something is wrong. */
const isTerse = (upid: Upid): boolean => terse.has(readUpid(upid).type);
const terse = new Set(['qmstart', 'qmstop', 'qmshutdown', 'qmreset', 'qmreboot', 'qmresize', 'resize']);

/** A task for people: `qmclone 9000 on pve1`. */
function nameTask(upid: Upid): string {
  const { node, type, id } = readUpid(upid);
  return `${[type, id].filter(Boolean).join(' ')} on ${node}`;
}

const pathOf = (upid: Upid) => at`/nodes/${readUpid(upid).node}/tasks/${upid}`;
