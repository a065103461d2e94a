import type { Cluster } from '#proxmox/cluster.ts';
import { readVm, type Vm } from '#proxmox/vms.ts';
import { configuredVm, isKnown } from './addresses/refresh.ts';

/** What a list of VMs is narrowed to; all that is given must fit. */
export interface VmFilter {
  readonly node?: string | undefined;
  readonly pool?: string | undefined;
  readonly tag?: string | undefined;
  readonly state?: Vm['status'] | undefined;
  /** Part of the name, or the whole name with `*` for anything: `web-*`. Case does not matter. */
  readonly name?: string | undefined;
}

export function matches(vm: Vm, { node, pool, tag, state, name }: VmFilter): boolean {
  return (
    (node === undefined || vm.node === node) &&
    (pool === undefined || vm.pool === pool) &&
    (tag === undefined || vm.tags.some((one) => one.toLowerCase() === tag.toLowerCase())) &&
    (state === undefined || vm.status === state) &&
    (name === undefined || isNamed(vm.name ?? '', name))
  );
}

function isNamed(name: string, wanted: string): boolean {
  const [actual, pattern] = [name.toLowerCase(), wanted.toLowerCase()];
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return actual.includes(pattern);
  if (!actual.startsWith(first)) return false;
  // Each part at its first place: an expression of many `*` would try every place for each of them.
  let at = first.length;
  for (const part of rest) {
    const found = actual.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return actual.length - last.length >= at && actual.endsWith(last);
}

/** As many are read for one answer; a person waits for it. */
const mostReads = 50;
const atOnce = 5;

/**
 * Those of these VMs that were made for a person; `unread` is how many nobody has looked at yet. Whose a VM is stands in its
 * configuration, which is one call each: the index that workers keep of it is asked first, and up to 50 that it lacks are read.
 *
 * GET /nodes/{node}/qemu/{vmid}/config
 */
export async function ownedBy(
  cluster: Cluster,
  vms: readonly Vm[],
  owner: string,
): Promise<{ readonly vms: readonly Vm[]; readonly unread: number }> {
  const index = new Map((await cluster.addresses.configured()).map((one) => [one.vmid, one]));
  const owners = new Map<number, string | undefined>();
  const missing: Vm[] = [];
  for (const vm of vms) {
    const known = index.get(vm.vmid);
    if (isKnown(vm, known)) owners.set(vm.vmid, known.owner);
    else missing.push(vm);
  }
  const toRead = missing.slice(0, mostReads);
  for (let at = 0; at < toRead.length; at += atOnce) {
    await Promise.all(
      toRead.slice(at, at + atOnce).map(async (vm) => {
        const config = vm.status === 'unknown' ? undefined : await readVm(cluster.api, vm.node, vm.vmid);
        if (!config) return;
        const read = configuredVm(vm, config, cluster, Date.now());
        owners.set(vm.vmid, read.owner);
        await cluster.addresses.putConfigured([read]);
      }),
    );
  }
  return {
    vms: vms.filter((vm) => owners.get(vm.vmid) === owner),
    unread: vms.filter((vm) => !owners.has(vm.vmid)).length,
  };
}
