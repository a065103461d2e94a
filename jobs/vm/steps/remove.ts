import { ms } from '#base/duration.ts';
import { poll } from '#base/poll.ts';
import type { World } from '#jobs/engine/world.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { refuseHidden } from '#proxmox/hidden.ts';
import { notThere } from '#proxmox/missing.ts';
import { waitTask } from '#proxmox/tasks.ts';
import { destroyVm, readStatus, readVm, stopVm } from '#proxmox/vms.ts';
import { refuseAdded } from './added-volumes.ts';
import { atItsNode, type Located } from './at-its-node.ts';
import { isGone, isMissing, madeBy } from './gone.ts';
import { locateOurs } from './ours.ts';

const mostTries = 3;

/**
 * Takes away a VM that this run made, with its disks; a VM of anybody else at that number, or none, is left as it is. The number rests in
 * quarantine afterwards, so that nothing that still thinks of the old VM meets a new one. Answers whether there was one. Throws a `ProxmoxError` of kind
 * `permission` when that can't be seen, and of kind `protected` when a volume would go that stands elsewhere than
 * `volumesAt`: somebody attached it since, and it may hold their data. Undefined: the run does not know its places.
 */
export async function removeOurs(
  world: World,
  { node, vmid }: Located,
  volumesAt: readonly string[] | undefined,
): Promise<boolean> {
  const found = await locateOurs(world, node, vmid);
  if (found === undefined) {
    await refuseHidden(world.cluster, node, vmid);
    return false;
  }
  const isMeant = madeBy(world.runId, vmid);
  for (let tries = 1; ; tries++) {
    try {
      await atItsNode(world, { node: found, vmid }, (vm) => removeOnce(world, vm, volumesAt), isMeant);
      return true;
    } catch (error) {
      // A worker that was thought dead may have been quicker.
      if (isMissing(error) && (await isGone(world, { node: found, vmid }, isMeant))) return true;
      // A start that was still under way, or came from somebody else, got in between.
      const isUp = error instanceof ProxmoxError && error.kind === 'running';
      if (!isUp || tries === mostTries) throw error;
    }
  }
}

/** Whose it is, is read once more before each change: what is another run's by then is not touched, and ours is gone. */
async function removeOnce(
  world: World,
  { node, vmid }: Located,
  volumesAt: readonly string[] | undefined,
): Promise<void> {
  const { cluster, clock, signal, runId } = world;
  const { api } = cluster;
  const isStillOurs = async () => {
    const config = await readVm(api, node, vmid);
    if (!config) throw notThere(api.cluster, node, vmid);
    if (!madeBy(runId, vmid)(config)) return false;
    if (volumesAt) {
      await refuseAdded(world, { node, vmid }, config, ({ where }) => volumesAt.includes(where), 'since it was made');
    }
    return true;
  };
  const isRunning = async () => (await readStatus(api, node, vmid))?.status === 'running';
  const follow = { clock, signal, onLog: (line: string) => world.log(line) };
  if (await isRunning()) {
    if (!(await isStillOurs())) return;
    await waitTask(api, await stopVm(api, node, vmid), follow);
    // HA stops it later than the task ends that asked for it.
    const look = async () => ((await isRunning()) ? undefined : true);
    await poll(look, { clock, signal, firstMs: 50, mostMs: 2000 });
  }
  if (!(await isStillOurs())) return;
  // First: whoever goes on after a death in between finds nothing that tells of the VM.
  await cluster.claims.retire(vmid, ms(cluster.settings.quarantine));
  await waitTask(api, await destroyVm(api, node, vmid), follow);
}
