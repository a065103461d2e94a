import type { Look } from '#jobs/engine/world.ts';
import { choosePlacement, type NodeRoom } from '#proxmox/placement.ts';

/** What a new VM needs of its node. */
export interface Wanted {
  readonly cpus: number;
  readonly memoryMiB: number;
  /** 0 for a linked clone, which holds only what differs from its template. */
  readonly diskGiB: number;
  readonly node: string | undefined;
}

/**
 * Chooses the node among those with room, and counts the new VM there from now on. One at a time, or two creations would choose the same node; the turn holds nothing but
 * this, and a dry run, which claims nothing, needs none. Planned again, the run keeps its node if it is
 * still one of these and online. Throws a `UserError` that says of each node why not.
 */
export async function claimPlace(look: Look, nodes: readonly NodeRoom[], wanted: Wanted): Promise<string> {
  const { cluster, runId, dry } = look;
  const { claims, settings } = cluster;
  const { cpus, memoryMiB, diskGiB } = wanted;
  const storage = settings.storages.disks;
  await using _ = dry ? undefined : await claims.placing(look.signal);
  const { room } = await claims.held(runId);
  if (room && nodes.some(({ node, online }) => node === room.node && online)) return room.node;
  const inFlight = (await claims.inFlight()).filter(({ run }) => run !== runId);
  const need = { cpus, memoryMiB, diskGiB, storage, memoryReserve: settings.memoryReserve };
  const { node } = choosePlacement(
    nodes.map((one) => ({ ...one, inFlight })),
    need,
    wanted.node,
  );
  await claims.room(runId, { node, memoryMiB, storage, diskGiB }, { dry });
  return node;
}
