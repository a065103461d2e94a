import { ms } from '#base/duration.ts';
import { poll } from '#base/poll.ts';
import type { World } from '#jobs/engine/world.ts';
import type { VmConfig } from '#proxmox/config.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { locateVm } from '#proxmox/locate.ts';
import { readMarker } from '#proxmox/marker.ts';
import { waitTask } from '#proxmox/tasks.ts';
import { destroyVm, readStatus, stopVm } from '#proxmox/vms.ts';
import { isGone, isMissing } from './gone.ts';
import { isOurs } from './ours.ts';

const mostTries = 3;

/**
 * Takes away a VM that this run made, with its disks; a VM of anybody else at that number, or none, is left as it is. The number rests in
 * quarantine afterwards, so that nothing that still thinks of the old VM meets a new one. Answers whether there was one.
 */
export async function removeOurs(world: World, { node, vmid }: { node: string; vmid: number }): Promise<boolean> {
  const { cluster, clock, signal, runId } = world;
  const { api } = cluster;
  if (!(await isOurs(world, node, vmid))) return false;
  // It may have been moved to another node since.
  const now = (await locateVm(api, vmid)) ?? node;
  const follow = { clock, signal, onLog: (line: string) => world.log(line) };
  for (let tries = 1; ; tries++) {
    const isRunning = async () => (await readStatus(api, now, vmid))?.status === 'running';
    if (await isRunning()) {
      await waitTask(api, await stopVm(api, now, vmid), follow);
      // HA stops it later than the task ends that asked for it.
      const look = async () => ((await isRunning()) ? undefined : true);
      await poll(look, { clock, signal, firstMs: 50, mostMs: 2000 });
    }
    // First: whoever goes on after a death in between finds nothing that tells of the VM.
    await cluster.claims.retire(vmid, ms(cluster.settings.quarantine));
    try {
      await waitTask(api, await destroyVm(api, now, vmid), follow);
      return true;
    } catch (error) {
      // A worker that was thought dead may have been quicker.
      if (isMissing(error) && (await isGone(world, { node: now, vmid }, madeBy(runId)))) return true;
      // A start that was still under way, or came from somebody else, got in between.
      const isUp = error instanceof ProxmoxError && error.kind === 'running';
      if (!isUp || tries === mostTries) throw error;
    }
  }
}

const madeBy = (run: string) => (config: VmConfig) => readMarker(config.description ?? '')?.run === run;
