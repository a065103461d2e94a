import { ms } from '#base/duration.ts';
import type { Step } from '#jobs/engine/step.ts';
import { requireOurs } from '#proxmox/ownership.ts';
import { destroyVm } from '#proxmox/vms.ts';
import { runTask } from '../../task.ts';
import { atItsNode } from './at-its-node.ts';
import { isGone, isMissing, withUuid } from './gone.ts';
import type { Machine } from './power.ts';

/** Removes a VM with its disks, after reading once more whose it is. Its number rests in quarantine afterwards. */
export const deleteVm: Step<Machine & { readonly uuid: string }, null> = {
  name: 'delete vm',
  label: ({ name }) => `Remove ${name} and its disks`,
  timeout: '30m',
  repeat: 'look first',

  async find(world, { node, vmid, uuid }) {
    return (await isGone(world, { node, vmid }, withUuid(uuid))) ? null : undefined;
  },

  async run(world, machine) {
    const { api, claims, settings } = world.cluster;
    const { uuid } = machine;
    try {
      await atItsNode(world, machine, async ({ node, vmid }) => {
        await requireOurs(world.cluster, node, vmid, { uuid });
        // First: whoever goes on after a death in between finds nothing that tells of the VM.
        await claims.retire(vmid, ms(settings.quarantine));
        await runTask(world, () => destroyVm(api, node, vmid));
      });
    } catch (error) {
      // Gone is what was wanted: a worker that was thought dead may have been quicker.
      if (!isMissing(error) || !(await isGone(world, machine, withUuid(uuid)))) throw error;
    }
    return null;
  },
};
