import { z } from 'zod';
import type { Api } from './api.ts';
import { at } from './encode.ts';
import { ProxmoxError } from './errors.ts';
import { isHiddenVm } from './missing.ts';
import { Amount, Done, rows } from './shapes.ts';
import { runningTasks } from './tasks.ts';
import { readVm } from './vms.ts';

/**
 * Throws when a VM is locked by a copy that nobody works on any more: its worker was killed. A token can't take such a lock away.
 *
 * GET /nodes/{node}/tasks, GET /nodes/{node}/qemu/{vmid}/config
 */
export async function refuseDeadCopy(api: Api, node: string, vmid: number): Promise<void> {
  const working = await runningTasks(api, node);
  if (working.some(({ type }) => copies.has(type))) return;
  // It may just have ended: what was read before the tasks is old news.
  const lock = (await readVm(api, node, vmid))?.lock;
  if (lock !== 'clone' && lock !== 'create') return;
  throw new ProxmoxError(api.cluster, `VM ${vmid} on ${node} is locked (${lock}), and no task works on it`, {
    kind: 'locked',
    outcome: 'permanent',
    hint: `A copy was cut off, it seems. When nobody is copying there, root can remove what is left, on ${node}: qm unlock ${vmid} && qm destroy ${vmid}. What it had copied may stay: pvesm list STORAGE --vmid ${vmid}`,
  });
}

/**
 * Whether this VM may be a copy under way that the token can't see yet: it joins its pool only when it is complete. Any copy of the token that runs
 * in the cluster may be it.
 *
 * GET /nodes/{node}/qemu/{vmid}/config, GET /cluster/tasks
 */
export async function mayBeHiddenCopy(api: Api, node: string, vmid: number): Promise<boolean> {
  try {
    await api.get(at`/nodes/${node}/qemu/${vmid}/config`, Done);
    return false;
  } catch (error) {
    if (!isHiddenVm(error)) return false;
  }
  const tasks = await api.get('/cluster/tasks', rows(z.object({ type: z.string(), endtime: Amount.nullish() })));
  return tasks.some(({ type, endtime }) => copies.has(type) && endtime == null);
}

const copies = new Set(['qmclone', 'qmcreate', 'qmrestore']);
