import { ms } from '#base/duration.ts';
import type { Step } from '#jobs/engine/step.ts';
import { requireOurs } from '#proxmox/ownership.ts';
import { destroyVm } from '#proxmox/vms.ts';
import { runTask } from '../../task.ts';
import { refuseAdded } from './added-volumes.ts';
import { atItsNode } from './at-its-node.ts';
import { isGone, isMissing, withUuid } from './gone.ts';
import type { Machine } from './power.ts';

/** `volumes` are those that people were shown; runs that began with an older version know none. */
type Deletion = Machine & { readonly uuid: string; readonly volumes?: readonly string[] };

/** Removes a VM with its disks, after reading once more whose it is, and that nothing goes that was not shown. Its number rests in quarantine afterwards. */
export const deleteVm: Step<Deletion, null> = {
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
        const config = await requireOurs(world.cluster, node, vmid, { uuid });
        const { volumes: shown } = machine;
        const isShown = ({ volid }: { volid: string }) => shown?.includes(volid) ?? true;
        await refuseAdded(world, { node, vmid }, config, isShown, 'since people were asked');
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
