import { spell } from '#base/duration.ts';
import type { World } from '#jobs/engine/world.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { type Upid, waitTask } from '#proxmox/tasks.ts';

const why = 'a clone that is cut off may leave a VM that only root can remove (qm unlock)';

/**
 * Waits for a clone's end before its VM is taken away; how it ends is all the same. Proxmox kills a task that is stopped after five seconds, and then
 * its VM stays locked, which no token can undo. The run's card says how long it still takes, as far as the task's log tells.
 */
export async function letEnd(world: World, upid: Upid): Promise<void> {
  const { clock, signal, cluster } = world;
  await world.waitFor(`Waiting for the clone to end before it is removed: ${why}.`);
  const begunAt = clock.now();
  let doneBefore: number | undefined;
  const onLog = (line: string) => {
    world.log(line);
    const percent = percentOf(line);
    if (percent === undefined) return;
    doneBefore ??= percent;
    const rest = restMs(clock.now() - begunAt, percent - doneBefore, percent);
    const about = rest === undefined ? '' : `, about ${spell(rest)} to go`;
    // The card is news, not truth: a worker that may not write any more finds out at its next commit.
    world
      .waitFor(`Waiting for the clone to end before it is removed: ${percent} % copied${about}.`)
      .catch(() => undefined);
  };
  try {
    await waitTask(cluster.api, upid, { clock, signal, onLog });
  } catch (error) {
    if (!(error instanceof ProxmoxError) || !error.taskEnded) throw error;
  }
}

/** `transferred 1.0 GiB of 2.0 GiB (50.00%)` */
function percentOf(line: string): number | undefined {
  const [, percent] = /^transferred .*\((\d+)(?:\.\d+)?%\)/.exec(line) ?? [];
  return percent === undefined ? undefined : Number(percent);
}

/** How long the rest takes when it goes on as it did, ms; undefined before anything was seen to be copied. */
export function restMs(sinceMs: number, copiedPercent: number, percent: number): number | undefined {
  return copiedPercent <= 0 ? undefined : Math.round((sinceMs / copiedPercent) * (100 - percent));
}
