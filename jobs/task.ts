import type { World } from '#jobs/engine/world.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { type Upid, waitTask } from '#proxmox/tasks.ts';

/**
 * Starts a Proxmox task and waits for its end, its log in the run's. The UPID is saved first, so that whoever goes on after a crash waits for
 * the same task. A failed one is forgotten: the next try starts anew. `start` answers null when Proxmox did it at once. Answers the task that has ended well.
 */
export async function runTask(world: World, start: () => Promise<Upid | null>): Promise<Upid | null> {
  const upid = (world.saved as Upid | null | undefined) ?? (await start());
  if (upid === null) return null;
  if (upid !== world.saved) await world.save(upid);
  await followTask(world, upid, () => world.save(null));
  return upid;
}

/** Waits for a task that is under way. `forget` is called when it has ended badly, and not when it was only lost sight of. */
export async function followTask(world: World, upid: Upid, forget: () => Promise<void>): Promise<void> {
  try {
    const { clock, signal } = world;
    const { warnings } = await waitTask(world.cluster.api, upid, { clock, signal, onLog: (line) => world.log(line) });
    for (const warning of warnings) world.note(`Proxmox warns: ${warning}`);
  } catch (error) {
    if (error instanceof ProxmoxError && error.taskEnded) await forget();
    throw error;
  }
}
