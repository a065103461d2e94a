import type { Api } from './api.ts';
import { ProxmoxError } from './errors.ts';
import { runningTasks } from './tasks.ts';
import { readVm } from './vms.ts';

/**
 * Throws when a VM is locked by a copy that nobody works on any more: its worker was killed. A token can't take such a lock away.
 *
 * GET /nodes/{node}/tasks, GET /nodes/{node}/qemu/{vmid}/config
 */
export async function stuckCopy(api: Api, node: string, vmid: number): Promise<void> {
  const working = await runningTasks(api, node);
  if (working.some(({ type }) => type === 'qmclone' || type === 'qmcreate' || type === 'qmrestore')) return;
  // It may just have ended: what was read before the tasks is old news.
  const lock = (await readVm(api, node, vmid))?.lock;
  if (lock !== 'clone' && lock !== 'create') return;
  throw new ProxmoxError(api.cluster, `VM ${vmid} on ${node} is locked (${lock}), and no task works on it`, {
    kind: 'locked',
    outcome: 'permanent',
    hint: `A copy was cut off. Only root can remove what is left, on ${node}: qm unlock ${vmid} && qm destroy ${vmid}`,
  });
}
