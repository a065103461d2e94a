import { UserError } from '#base/errors.ts';
import { type Probed, probePort } from '#guest/probe.ts';
import type { Look } from '#jobs/engine/world.ts';
import type { Settings } from '#jobs/settings.ts';
import type { Claimant } from '#proxmox/claims.ts';
import type { Vm } from '#proxmox/vms.ts';
import { findConfigured } from './find-configured.ts';

/**
 * Claims a static address for this run. Throws a `UserError` that says who has it: another run, a VM by its
 * configuration, or a machine that answers there (`probed`). Answers sentences about what could not be looked at.
 */
export async function claimAddress(look: Look, address: string, probed: Probed, vms: readonly Vm[]): Promise<string[]> {
  const claimant = await look.cluster.claims.address(look.runId, address, { dry: look.dry });
  if (claimant) throw taken(`${address} is claimed by run ${claimant.run}, which is making ${nameOf(claimant)}.`);
  const { holder, unread } = await findConfigured(look.cluster, address, vms);
  if (holder) throw taken(`${address} belongs to ${holder}, by its configuration.`);
  if (probed.state === 'answers') throw answered(address);
  return [
    ...(unread ? [`Not every VM's configuration could be read, so one may have ${address} too.`] : []),
    ...(probed.state === 'unknown' ? [`Whether somebody has ${address} could not be tried: ${probed.why}.`] : []),
  ];
}

/** Tries whether a machine answers at an address, as SSH would reach it; not where `create.probe` is false. */
export async function probeAddress({ ssh, create }: Settings, address: string, signal: AbortSignal): Promise<Probed> {
  if (!create.probe) return { state: 'unknown', why: 'create.probe is false in the configuration' };
  const { privateKey, jump } = ssh;
  return probePort({ host: address, port: 22, user: '', privateKey, ...(jump ? { jump } : {}) }, signal);
}

/** The error for an address at which somebody answers before the VM that is to have it is on. */
export function answered(address: string): UserError {
  return new UserError(`A machine answers at ${address} already.`, {
    hint: `Choose another address, or find out whose it is: ssh-keyscan ${address}. Where a firewall answers for machines that are not there, whoever runs the bot can set create.probe to false.`,
  });
}

/** What another run makes, as far as it has got: `k8s-1 (VM 5000)`. */
export function nameOf({ name, vmid }: Omit<Claimant, 'run'>): string {
  if (vmid === undefined) return name ?? 'a VM';
  return name === undefined ? `VM ${vmid}` : `${name} (VM ${vmid})`;
}

const taken = (message: string) => new UserError(message, { hint: 'Choose another address.' });
