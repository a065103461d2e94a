import type { World } from '#jobs/engine/world.ts';
import type { VmConfig } from '#proxmox/config.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { type NamedVolume, readVolumes } from '#proxmox/vm-volumes.ts';

/**
 * Throws a permanent `ProxmoxError` of kind `protected` when the removal of this VM would take a volume that is not
 * `known`. `since` ends the sentence that says so: `since people were asked`.
 */
export async function refuseAdded(
  { cluster }: Pick<World, 'cluster'>,
  { node, vmid }: { readonly node: string; readonly vmid: number },
  config: VmConfig,
  known: (volume: NamedVolume) => boolean,
  since: string,
): Promise<void> {
  const { goes } = await readVolumes(cluster.api, node, vmid, config);
  const added = goes.filter((volume) => !known(volume));
  if (added.length === 0) return;
  const which = added.map(({ where, volid }) => `${volid} (${where})`).join(', ');
  throw new ProxmoxError(cluster.name, `VM ${vmid} is left alone: ${which} has come to it ${since}`, {
    kind: 'protected',
    outcome: 'permanent',
    hint: `/vm destroy ${vmid}`,
  });
}
