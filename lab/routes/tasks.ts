import { allows } from '../access.ts';
import { integer, oneOf, optional, text, vmid } from '../params.ts';
import { badParameters, forbidden } from '../problem.ts';
import { type Call, Page, type Route } from '../route.ts';
import type { TaskRecord } from '../tasks.ts';

const page = { start: optional(integer(0)), limit: optional(integer(0)) };

export const taskRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/nodes/{node}/tasks',
    access: 'user',
    params: {
      ...page,
      errors: optional({ type: 'boolean', optional: true }),
      since: optional(integer()),
      source: optional(oneOf('archive', 'active', 'all')),
      statusfilter: optional(text()),
      typefilter: optional(text()),
      until: optional(integer()),
      userfilter: optional(text()),
      vmid: optional(vmid),
    },
    run: listTasks,
  },
  { method: 'GET', path: '/nodes/{node}/tasks/{upid}/status', access: 'user', params: {}, run: taskStatus },
  { method: 'GET', path: '/nodes/{node}/tasks/{upid}/log', access: 'user', params: page, run: taskLog },
  { method: 'DELETE', path: '/nodes/{node}/tasks/{upid}', access: 'user', params: {}, run: stopTask },
];

/** A task as lists show it: `RUNNING` or its exit status. */
export function taskRow(task: TaskRecord): Record<string, unknown> {
  const { upid, node, pid, pstart, starttime, type, id } = task;
  const common = { upid, node, pid, pstart, starttime, type, id };
  if (task.exitstatus === undefined) return { ...common, user: task.owner, status: 'RUNNING', saved: '0' };
  return { ...common, ...ownerOf(task), endtime: task.endtime, status: task.exitstatus };
}

function listTasks({ cluster, caller, node, values }: Call): Page {
  const seesAll = allows(cluster.state, caller, `/nodes/${node}`, 'Sys.Audit');
  const source = values.source ?? 'archive';
  const found = cluster.tasks.all().filter((task) => {
    if (task.node !== node || !(seesAll || task.owner === caller.name)) return false;
    const active = task.exitstatus === undefined;
    if ((source === 'active' && !active) || (source === 'archive' && active)) return false;
    if (values.vmid !== undefined && task.id !== values.vmid) return false;
    if (values.typefilter !== undefined && task.type !== values.typefilter) return false;
    if (values.since !== undefined && task.starttime < Number(values.since)) return false;
    if (values.until !== undefined && task.starttime > Number(values.until)) return false;
    if (values.userfilter !== undefined && !task.owner.includes(values.userfilter)) return false;
    return values.errors !== '1' || !(task.exitstatus === 'OK' || active);
  });
  const start = Number(values.start ?? 0);
  return new Page(found.slice(start, start + Number(values.limit ?? 50)).map(taskRow), found.length);
}

function taskStatus(call: Call): unknown {
  const task = findTask(call, 'Sys.Audit');
  const { upid, node, pid, pstart, starttime, type, id } = task;
  const common = { upid, node, pid, pstart, starttime, type, id, ...ownerOf(task) };
  if (task.exitstatus === undefined) return { ...common, status: 'running' };
  return { ...common, status: 'stopped', exitstatus: task.exitstatus };
}

function taskLog(call: Call): unknown {
  const upid = call.path.upid ?? '';
  parseUpid(upid);
  const task = call.cluster.tasks.find(upid);
  if (!task || task.node !== call.node) {
    // 8.x forgets to make a list of its one complaint.
    const line = { n: 1, t: 'unable to open file - No such file or directory' };
    return call.cluster.settings.profile === '8.4' ? new Page(line, 1) : new Page([line], 1);
  }
  checkOwner(call, task, 'Sys.Audit');
  if (task.lines.length === 0) return new Page([{ n: 1, t: 'no content' }], 1);
  const start = Number(call.values.start ?? 0);
  const limit = Number(call.values.limit ?? 50) || Number.POSITIVE_INFINITY;
  const rows = task.lines.slice(start, start + limit).map((line, index) => ({ n: start + index + 1, t: line }));
  return new Page(rows, task.lines.length);
}

async function stopTask(call: Call): Promise<null> {
  const task = findTask(call, 'Sys.Modify');
  await call.cluster.tasks.stop(task.upid);
  return null;
}

function findTask(call: Call, privilege: string): TaskRecord {
  const upid = call.path.upid ?? '';
  parseUpid(upid);
  const task = call.cluster.tasks.find(upid);
  if (!task || task.node !== call.node) throw badParameters({ upid: 'no such task' });
  checkOwner(call, task, privilege);
  return task;
}

/** One's own tasks are always open; others' take a right on their node. A token's tasks are not its user's. */
function checkOwner({ cluster, caller }: Call, task: TaskRecord, privilege: string): void {
  if (task.owner === caller.name) return;
  if (!allows(cluster.state, caller, `/nodes/${task.node}`, privilege))
    throw forbidden(`/nodes/${task.node}, ${privilege}`);
}

function parseUpid(upid: string): void {
  if (!/^UPID:[^:]+(:[0-9A-F]{8,9}){3}:[^:\s]+:[^:\s]*:[^:\s]+:$/i.test(upid)) {
    throw badParameters({ upid: 'unable to parse worker upid' });
  }
}

function ownerOf(task: TaskRecord): { user: string; tokenid?: string } {
  const [user = '', tokenid] = task.owner.split('!');
  return tokenid === undefined ? { user } : { user, tokenid };
}
