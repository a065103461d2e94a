import { z } from 'zod';
import { UserError } from '#base/errors.ts';
import type { Api } from './api.ts';
import type { Cluster } from './cluster.ts';
import { ProxmoxError } from './errors.ts';
import { type Holder, readResources } from './resources.ts';

/**
 * Claims a number that is free in Proxmox too: the lowest of the configured range, or exactly `wish`. Neither the numbers of containers are given, nor those of
 * VMs that the token may not see. A run that claims again is given the same one, unless somebody outside has taken it. With `dry` nothing is kept. Throws a
 * `UserError` that names who has the number wished for, or says that none is free. `holders`: who has a number, for a plan that has read it.
 */
export async function claimVmid(
  { api, claims, settings }: Cluster,
  run: string,
  options: { readonly wish?: number | undefined; readonly dry?: boolean; readonly holders?: readonly Holder[] } = {},
): Promise<number> {
  const { wish, dry = false, holders = (await readResources(api)).holders } = options;
  const holder = holders.find(({ vmid }) => vmid === wish);
  if (holder) throw vmidTaken(holder.vmid, `by ${holder.name} on ${holder.node}`);
  const taken = new Set(holders.map(({ vmid }) => vmid));
  for (;;) {
    const vmid = await claims.vmid(run, settings.vmids, taken, { dry, ...(wish === undefined ? {} : { wish }) });
    if (await isFree(api, vmid)) return vmid;
    if (wish !== undefined) throw vmidTaken(vmid, 'by something that Botswain’s token may not see');
    taken.add(vmid);
    // So that the next run does not ask for all the hidden ones again.
    if (!dry) await claims.refuse(run, vmid);
  }
}

/**
 * Whether Proxmox would give this number to a new VM. It knows of every VM and container, and answers every token; it reserves nothing.
 *
 * GET /cluster/nextid?vmid={vmid}
 */
export async function isFree(api: Api, vmid: number): Promise<boolean> {
  try {
    await api.get('/cluster/nextid', z.unknown(), { vmid });
    return true;
  } catch (error) {
    if (error instanceof ProxmoxError && error.kind === 'exists') return false;
    throw error;
  }
}

function vmidTaken(vmid: number, by: string): UserError {
  return new UserError(`VMID ${vmid} is taken ${by}.`, { hint: 'Leave --vmid out to take the next free one.' });
}
