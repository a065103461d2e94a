import type { Clock } from '#base/clock.ts';
import { sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { askNodes } from '#proxmox/ask-nodes.ts';
import type { ConfiguredVm } from '#proxmox/claims/address-index.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import type { VmConfig } from '#proxmox/config.ts';
import { readOwnership } from '#proxmox/marker.ts';
import { listPlacedVms, type PlacedVm } from '#proxmox/placed-vms.ts';
import { staticAddresses } from '#proxmox/static-addresses.ts';
import { readVm } from '#proxmox/vms.ts';

/** The pace of the index, ms; `mostReads` configurations in each round, one after the other. */
export interface Pace {
  readonly firstMs: number;
  readonly everyMs: number;
  readonly mostReads: number;
}

/** 3,000 VMs are known after 25 minutes, and each is looked at again about as often. */
const usualPace: Pace = { firstMs: 15_000, everyMs: 60_000, mostReads: 120 };

/**
 * Keeps a cluster's address index up to date until the signal; it only reads Proxmox. One worker does it for all, by
 * a lease; two would do no harm.
 */
export async function keepAddressIndex(
  cluster: Cluster,
  { clock, log, pace }: { readonly clock: Clock; readonly log: Log; readonly pace?: Partial<Pace> },
  signal: AbortSignal,
): Promise<void> {
  const { firstMs, everyMs, mostReads } = { ...usualPace, ...pace };
  for (let waitMs = firstMs; !signal.aborted; waitMs = everyMs) {
    await clock.sleep(waitMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    await refreshOnce(cluster, mostReads, clock, signal).catch((error: unknown) => {
      if (!signal.aborted) log.warn({ cluster: cluster.name, reason: sentence(error) }, 'address index waits');
    });
  }
}

/**
 * One round: forgets VMs that are gone, then reads those that are new or have another name, then those that were
 * read longest ago. VMs on a node that is away or hangs wait for the next round, and keep none from theirs.
 *
 * GET /cluster/resources?type=vm, GET /nodes/{node}/qemu/{vmid}/config
 */
export async function refreshOnce(
  cluster: Cluster,
  mostReads: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const { api, addresses } = cluster;
  const [placed, configured, reached] = await Promise.all([
    listPlacedVms(api),
    addresses.configured(),
    addresses.reachedVmids(),
  ]);
  const there = new Set(placed.map(({ vmid }) => vmid));
  const known = new Map(configured.map((vm) => [vm.vmid, vm]));
  await addresses.forget([...new Set([...known.keys(), ...reached])].filter((vmid) => !there.has(vmid)));
  const away = new Set<string>();
  let reads = 0;
  for (const vm of dueFirst(placed, known)) {
    if (away.has(vm.node)) continue;
    if (reads++ === mostReads) return;
    signal.throwIfAborted();
    const { answers, silent } = await askNodes(cluster, [vm.node], (node, late) =>
      readVm(api, node, vm.vmid, AbortSignal.any([signal, late])),
    );
    for (const node of silent) away.add(node);
    const config = answers.get(vm.node);
    if (config) await addresses.putConfigured([configuredVm(vm, config, cluster, clock.now())]);
  }
}

/** Whether what is known of a VM is about this one: a number that is used again has another name, as a rule. */
export function isKnown(vm: PlacedVm, known: ConfiguredVm | undefined): known is ConfiguredVm {
  return known !== undefined && (vm.name === undefined || vm.name === known.name);
}

export function configuredVm(
  { vmid, node }: PlacedVm,
  config: VmConfig,
  { settings }: Pick<Cluster, 'settings'>,
  now: number,
): ConfiguredVm {
  const ownership = readOwnership(vmid, config, settings.vmids);
  const owner = ownership.state === 'ours' ? { owner: ownership.marker.owner } : {};
  return { vmid, node, name: config.name ?? '', ...owner, addresses: staticAddresses(config), readAt: now };
}

function dueFirst(placed: readonly PlacedVm[], known: ReadonlyMap<number, ConfiguredVm>): PlacedVm[] {
  const readAt = (vm: PlacedVm) => {
    const one = known.get(vm.vmid);
    return isKnown(vm, one) ? one.readAt : 0;
  };
  return [...placed].sort((a, b) => readAt(a) - readAt(b));
}
