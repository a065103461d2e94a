import { spellAtLeast, spellCpus, spellMemory } from '#base/amounts.ts';
import { UserError } from '#base/errors.ts';
import { spellList } from '#base/spell-list.ts';
import { knownOnes } from '#base/suggest.ts';
import type { InFlight } from './claims.ts';

/** What a node has room for now. */
export interface NodeRoom {
  readonly node: string;
  readonly online: boolean;
  /** It was asked, and did not answer in time. */
  readonly silent?: boolean;
  /** 0 when the token may not see them. */
  readonly cpus: number;
  /** Bytes. */
  readonly memoryTotal: number;
  readonly memoryUsed: number;
  /** Bytes free on the storage for disks; undefined when this node does not have it, or it is not active. */
  readonly storageAvailable: number | undefined;
  /** Its VMs; templates are not counted. */
  readonly vms: readonly VmOnNode[];
  /** Creations that are not settled. Those for other nodes only count for disks, on storage that is shared. */
  readonly inFlight: readonly InFlight[];
  readonly storageShared?: boolean;
}

/** Memory in bytes. */
type VmOnNode = { readonly vmid: number; readonly status: string; readonly maxMemory: number };

/** `diskGiB` is what must be free: 0 for a linked clone, which grows only with what is written. */
export interface Need {
  /** Proxmox starts no VM with more CPUs than its node has. */
  readonly cpus?: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
  readonly storage: string;
  /** The share of a node's memory that is kept free. */
  readonly memoryReserve?: number;
}

/**
 * The node for a new VM: the one with the fewest VMs among those that are online and have room, the first by name when several tie. `forced` names the
 * only one that will do. Throws a `UserError` that says of each node why not.
 */
export function choosePlacement(nodes: readonly NodeRoom[], need: Need, forced?: string): { readonly node: string } {
  const asked = forced === undefined ? nodes : nodes.filter(({ node }) => node === forced);
  if (asked.length === 0) throw noSuchNode(nodes, forced);
  const fitting = asked.filter((room) => whyNot(room, need) === undefined).sort(emptiestFirst);
  const [best] = fitting;
  if (!best) throw noRoom(asked, need, forced);
  return { node: best.node };
}

/** Why a VM can't be made on this node now, in half a sentence; undefined when it can. */
export function whyNot(room: NodeRoom, need: Need): string | undefined {
  const { memoryMiB, diskGiB, storage } = need;
  if (!room.online) return `${room.node} is offline`;
  if (room.silent) return `${room.node} does not answer`;
  if (lacksCpus(room, need)) return `${room.node} has ${spellCpus(room.cpus)}`;
  const memoryFree = freeMemoryMiB(room, need.memoryReserve);
  if (memoryFree < memoryMiB) return `${room.node} has ${spellAtLeast(memoryFree)} of memory left`;
  if (room.storageAvailable === undefined) return `${room.node} has no active storage ${storage}`;
  const diskFree = freeDiskGiB(room, storage, room.storageAvailable);
  if (diskFree < diskGiB) return `${room.node} has ${Math.max(0, Math.floor(diskFree))} GiB left on ${storage}`;
  return undefined;
}

const lacksCpus = (room: NodeRoom, { cpus = 0 }: Need) => room.cpus > 0 && cpus > room.cpus;

/**
 * What may still be given to VMs: the node's memory without the reserve, less what is used (a host uses some itself) or what its running VMs may come to
 * use, whichever is more, less what is being made. VMs that are off count as nothing: most stay off, and Proxmox checks when one starts.
 */
export function freeMemoryMiB(
  { node, memoryTotal, memoryUsed, vms, inFlight }: Omit<NodeRoom, 'online' | 'storageAvailable' | 'storageShared'>,
  reserve = 0.1,
): number {
  const running = vms.filter(({ status }) => status !== 'stopped');
  const promised = running.reduce((sum, { maxMemory }) => sum + maxMemory, 0);
  const free = memoryTotal * (1 - reserve) - Math.max(memoryUsed, promised);
  // One that runs already is counted among the VMs.
  const coming = inFlight.filter((one) => one.node === node && !running.some(({ vmid }) => vmid === one.vmid));
  return free / mebibyte - coming.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
}

function freeDiskGiB({ node, inFlight, storageShared }: NodeRoom, storage: string, available: number): number {
  const coming = inFlight.filter((one) => one.storage === storage && (storageShared || one.node === node));
  return available / gibibyte - coming.reduce((sum, { diskGiB }) => sum + diskGiB, 0);
}

function emptiestFirst(one: NodeRoom, other: NodeRoom): number {
  if (one.node === other.node) return 0;
  return countVms(one) - countVms(other) || (one.node < other.node ? -1 : 1);
}

function countVms({ node, vms, inFlight }: NodeRoom): number {
  const coming = inFlight.filter((one) => one.node === node && !vms.some(({ vmid }) => vmid === one.vmid));
  return vms.length + coming.length;
}

function noSuchNode(nodes: readonly NodeRoom[], forced: string | undefined): UserError {
  const names = nodes.map(({ node }) => node);
  const hint = '/node list';
  if (forced === undefined) return new UserError('There is no node that new VMs may be made on.', { hint });
  return new UserError(`A new VM can't be made on "${forced}". ${knownOnes(forced, names)}`, { hint });
}

function noRoom(asked: readonly NodeRoom[], need: Need, forced: string | undefined): UserError {
  const short = asked.some((room) => lacksCpus(room, need));
  const wanted = spellList([
    ...(short && need.cpus !== undefined ? [spellCpus(need.cpus)] : []),
    `${spellMemory(need.memoryMiB)} of memory`,
    ...(need.diskGiB > 0 ? [`${need.diskGiB} GiB of disk`] : []),
  ]);
  const reasons = asked.map((room) => whyNot(room, need)).join(', ');
  const who = forced === undefined ? 'No node has' : `${forced} does not have`;
  return new UserError(`${who} room for ${wanted}: ${reasons}.`, {
    hint: forced === undefined ? 'Choose a smaller size, or see /node list.' : 'Leave --node out, or see /node list.',
  });
}

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;
