import { RemoteError } from '#base/errors.ts';
import type { World } from '#jobs/engine/world.ts';
import { notThere } from '#proxmox/missing.ts';
import { standstill } from '#proxmox/standstill.ts';
import { readStatus } from '#proxmox/vms.ts';
import type { Located } from './at-its-node.ts';

type Machine = Located & { readonly name: string };

const everyMs = 3_000;
/** A system that boots has read more of its disk by then; a BIOS that finds none reads some sectors. */
const bootReads = 1024 ** 2;

/**
 * What to call after each look at a VM that is waited for: every three seconds it asks Proxmox whether waiting makes
 * sense. Throws a `RemoteError` when the VM is off, stands still, or (`bootMs`) has found nothing to boot from by then,
 * and a `ProxmoxError` of kind `missing` when it is not on its node any more. With `endsItself` it may be off.
 *
 * GET /nodes/{node}/qemu/{vmid}/status/current
 */
export function watchVm(
  world: World,
  vm: Machine,
  { bootMs, endsItself = false }: { readonly bootMs?: number; readonly endsItself?: boolean } = {},
): () => Promise<void> {
  const { clock, cluster } = world;
  const named = `${vm.name} (VM ${vm.vmid})`;
  const start = clock.now();
  let lookedAt = start;
  let paused = false;
  return async () => {
    if (clock.now() - lookedAt < everyMs) return;
    lookedAt = clock.now();
    const now = await readStatus(cluster.api, vm.node, vm.vmid);
    if (!now) throw notThere(cluster.name, vm.node, vm.vmid);
    if (now.status === 'stopped' && endsItself) return;
    if (now.status === 'stopped') throw hopeless(world, `${named} powered off while it booted.`);
    const still = standstill(now);
    if (still && (!still.passing || paused)) throw hopeless(world, `${named} ${still.why}.`, still.hint);
    paused = still !== undefined;
    const isBlank = now.diskRead !== undefined && now.diskRead < bootReads;
    if (bootMs !== undefined && isBlank && clock.now() - start >= bootMs)
      throw hopeless(world, `${named} has no bootable disk: it runs, and has read nothing of its disks.`, blankHint);
  };
}

const blankHint = 'Look at its console, and at the disk and the boot order of its template.';

/** The error when a VM will not be ready however long it is waited for. */
export function hopeless(
  world: World,
  message: string,
  hint = 'Try once more with --keep and look at its console in Proxmox.',
): RemoteError {
  return new RemoteError(`Proxmox ${world.cluster.name}`, message, { outcome: 'permanent', hint });
}
