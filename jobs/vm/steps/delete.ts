import { ms } from '#base/duration.ts';
import type { Step } from '#jobs/engine/step.ts';
import type { World } from '#jobs/engine/world.ts';
import type { VmConfig } from '#proxmox/config.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { requireOurs } from '#proxmox/ownership.ts';
import { readVolumes } from '#proxmox/vm-volumes.ts';
import { destroyVm } from '#proxmox/vms.ts';
import { runTask } from '../../task.ts';
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
        if (machine.volumes) await requireShown(world, { node, vmid }, config, machine.volumes);
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

/** Throws when a volume would go that stands in no plan: somebody attached it since. */
async function requireShown(
  { cluster }: World,
  { node, vmid }: { readonly node: string; readonly vmid: number },
  config: VmConfig,
  shown: readonly string[],
): Promise<void> {
  const { goes } = await readVolumes(cluster.api, node, vmid, config);
  const added = goes.filter(({ volid }) => !shown.includes(volid));
  if (added.length === 0) return;
  const which = added.map(({ where, volid }) => `${volid} (${where})`).join(', ');
  throw new ProxmoxError(cluster.name, `VM ${vmid} is left alone: ${which} has come to it since people were asked`, {
    kind: 'protected',
    outcome: 'permanent',
    hint: `/vm destroy ${vmid}`,
  });
}
