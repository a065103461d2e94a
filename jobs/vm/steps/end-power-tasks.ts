import type { World } from '#jobs/engine/world.ts';
import type { Api } from '#proxmox/api.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { runningTasks, stopTask } from '#proxmox/tasks.ts';

/**
 * Ends the shutdowns and reboots of a VM that wait for its guest: they hold its lock for three minutes, and what pulls
 * its plug would wait for that and fail. One that the token may not end goes on.
 *
 * GET /nodes/{node}/tasks?source=active, DELETE /nodes/{node}/tasks/{upid}
 */
export async function endPowerTasks(api: Api, node: string, vmid: number): Promise<void> {
  for (const { upid, type } of await runningTasks(api, node, { vmid }))
    if (type === 'qmshutdown' || type === 'qmreboot') await stopTask(api, upid).catch(mayNot);
}

/** Without Sys.Modify a token ends its own tasks only; somebody else's is waited for, as Proxmox would have it. */
function mayNot(error: unknown): void {
  if (!(error instanceof ProxmoxError) || error.kind !== 'permission') throw error;
}

/** A guest that boots does not hear that it shall power off: so long it is given before people are told, ms. */
const slowMs = 20_000;

/** Says in the run's thread what to type when a guest takes long to power off; nothing once it is disposed of. */
export function tellWhenSlow({ clock, note }: World, name: string, command: string): AsyncDisposable {
  const over = new AbortController();
  const telling = clock.sleep(slowMs, over.signal).then(
    () => note(`${name} has not powered off yet; while it boots it does not hear that it shall. At once: ${command}`),
    () => undefined,
  );
  return {
    async [Symbol.asyncDispose]() {
      over.abort();
      await telling;
    },
  };
}
