import type { Look } from '#jobs/engine/world.ts';
import { choosePlacement, type NodeRoom, whyNot } from '#proxmox/placement.ts';
import type { Resources } from '#proxmox/resources.ts';
import type { Storage } from '#proxmox/storage-rows.ts';
import { type Heard, hearStorages, roomsOf } from './room.ts';

/** What a new VM needs of its node. */
export interface Wanted {
  readonly cpus: number;
  readonly memoryMiB: number;
  /** 0 for a linked clone, which holds only what differs from its template. */
  readonly diskGiB: number;
  readonly node: string | undefined;
}

/** Where a new VM goes, what that node says of its storages, and which nodes were left out because they did not answer. */
export interface Place {
  readonly node: string;
  readonly storages: readonly Storage[];
  readonly silent: readonly string[];
}

/**
 * The nodes that have to do with it when the VM is made on `node`: itself, and that of its template. Undefined when it can't be made there, or,
 * before the node was heard, when it certainly can't.
 */
type Involved = (node: string, heard: Heard) => readonly string[] | undefined;

/**
 * Chooses the node among those where the VM can be made and that have room, and counts the new VM there from now on. Only the nodes involved are asked
 * for their storages; when one does not answer in time it is left out, and all others are asked at once. Answers undefined when the VM can be made
 * on no node that is online and answers, with the silent ones. Throws a `UserError` that says of each node why not.
 */
export async function claimPlace(
  look: Look,
  resources: Resources,
  wanted: Wanted,
  involved: Involved,
): Promise<Place | { readonly node: undefined; readonly silent: readonly string[] }> {
  const { cluster, runId } = look;
  const before = (await cluster.claims.inFlight()).find(({ run }) => run === runId)?.node;
  let heard: Heard = { answers: new Map(), silent: [] };
  for (;;) {
    const { answers, silent } = heard;
    const rooms = roomsOf(cluster, resources, [], heard);
    const asked = rooms.filter(({ node }) => wanted.node === undefined || node === wanted.node);
    const usable = asked.filter(({ node }) => involved(node, heard) !== undefined);
    if (usable.length === 0 && asked.some((one) => one.online && !one.silent)) return { node: undefined, silent };
    const node = await claimRoom(look, usable.length > 0 ? usable : rooms, wanted, before);
    const isOpen = (one: string) => !answers.has(one) && !silent.includes(one);
    const open = new Set([node, ...(involved(node, heard) ?? [])].filter(isOpen));
    const storages = answers.get(node);
    if (storages && open.size === 0) return { node, storages, silent };
    const others = usable.filter((one) => one.online && isOpen(one.node)).map((one) => one.node);
    const more = await hearStorages(cluster, [...(silent.length > 0 ? open.union(new Set(others)) : open)]);
    heard = { answers: new Map([...answers, ...more.answers]), silent: [...silent, ...more.silent] };
  }
}

/**
 * One at a time, or two creations would choose the same node; the turn holds nothing but this, and a dry run, which claims nothing, needs none. `before` is
 * the node of an earlier plan of this run, which it keeps if it can be used at all; one that was claimed a moment ago is kept if it has room.
 */
async function claimRoom(
  look: Look,
  rooms: readonly NodeRoom[],
  wanted: Wanted,
  before: string | undefined,
): Promise<string> {
  const { cluster, runId, dry } = look;
  const { claims, settings } = cluster;
  const { cpus, memoryMiB, diskGiB } = wanted;
  const storage = settings.storages.disks;
  const need = { cpus, memoryMiB, diskGiB, storage, memoryReserve: settings.memoryReserve };
  await using _ = dry ? undefined : await claims.placing(look.signal);
  const all = await claims.inFlight();
  const inFlight = all.filter(({ run }) => run !== runId);
  const mine = all.find(({ run }) => run === runId)?.node;
  const now = rooms.map((one) => ({ ...one, inFlight }));
  const kept = now.find(({ node }) => node === mine);
  if (kept?.online && !kept.silent && (mine === before || whyNot(kept, need) === undefined)) return kept.node;
  const { node } = choosePlacement(now, need, wanted.node);
  await claims.room(runId, { node, memoryMiB, storage, diskGiB }, { dry });
  return node;
}
