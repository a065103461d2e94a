import { isIPv4 } from 'node:net';
import { ms, spell } from '#base/duration.ts';
import { RemoteError } from '#base/errors.ts';
import { poll } from '#base/poll.ts';
import { trySsh } from '#guest/ready.ts';
import type { ShellTarget } from '#guest/shell.ts';
import type { Step } from '#jobs/engine/step.ts';
import type { World } from '#jobs/engine/world.ts';
import { pingAgent, readAddresses } from '#proxmox/agent.ts';
import { readHostKey } from '#proxmox/agent-host-key.ts';
import { requireOwnAddress, requireOwnHostKey } from '../addresses/require-own.ts';
import { atItsNode } from './at-its-node.ts';
import type { Machine } from './power.ts';

/** The three signs that a VM is ready, each with its own time limit and its own words when it does not come. */
export const waitForAgent: Step<Machine, null> = {
  name: 'wait for agent',
  label: () => 'Wait for the guest agent',
  timeout: '1h',
  repeat: 'safe',

  run: (world, machine) => atItsNode(world, machine, (vm) => hearAgent(world, vm)),
};

async function hearAgent(world: World, vm: Machine): Promise<null> {
  await within(world, world.settings.create.ready.agent, async (signal) => {
    const answer = await pingAgent(world.cluster, vm.node, vm.vmid, signal);
    if (answer === 'answers') return { found: null };
    if (answer === 'vm down') throw gone(world, `${vm.name} (VM ${vm.vmid}) powered off while it booted.`);
    if (answer === 'not configured') throw gone(world, `${vm.name} (VM ${vm.vmid}) has no guest agent configured.`);
    return { missing: `the guest agent of ${vm.name} (VM ${vm.vmid}) did not answer` };
  });
  return null;
}

/** A VM's network card, and the address that it must have; null for what DHCP gives. */
type Card = Machine & { readonly mac: string; readonly expected: string | null };

/** The address of the network card with this MAC, as the guest agent tells it, and the node that the VM is on by then. */
export const findAddress: Step<Card, { address: string; node: string }> = {
  name: 'find address',
  label: () => 'Find its address',
  timeout: '1h',
  repeat: 'safe',

  run: (world, machine) => atItsNode(world, machine, (vm) => readAddress(world, vm)),
};

function readAddress(
  world: World,
  { vmid, node, name, mac, expected }: Card,
): Promise<{ address: string; node: string }> {
  return within(world, world.settings.create.ready.address, async (signal, share) => {
    const addresses = await readAddresses(world.cluster, node, vmid, mac, signal);
    // A router's IPv6 address is often there before DHCP has given the IPv4 one, which is what people expect.
    const usable = share < ipv4Only ? addresses.filter(isIPv4) : addresses;
    const address = expected === null ? usable[0] : addresses.find((one) => one === expected);
    if (address) {
      await requireOwnAddress(world, { vmid, node, name, mac }, address);
      return { found: { address, node } };
    }
    const seen = addresses.length > 0 ? ` (it has ${addresses.join(', ')})` : '';
    const wanted = expected === null ? 'no address came from DHCP' : `the address ${expected} did not appear`;
    return { missing: `${wanted} on ${name}'s network card ${mac}${seen}` };
  });
}

/** The share of the time limit during which an IPv6 address is not taken for want of an IPv4 one. */
const ipv4Only = 0.5;

/**
 * SSH with our own key, as people will use it, at the VM itself: the host key that answers is compared with what its
 * agent tells, where the token may ask, and with those of other VMs.
 */
export const waitForSsh: Step<
  Machine & { readonly mac: string; readonly address: string; readonly user: string },
  { hostKey: string; hostKeyFrom: string; ssh: string; notes: readonly string[] }
> = {
  name: 'wait for ssh',
  label: () => 'Wait for SSH',
  timeout: '1h',
  repeat: 'safe',

  run: (world, { vmid, node, name, mac, address, user }) =>
    within(world, world.settings.create.ready.ssh, async (signal) => {
      const answer = await trySsh(targetOf(world, address, user), signal);
      const { show } = world.settings.ssh;
      const ssh = show.replaceAll('{user}', user).replaceAll('{address}', address).replaceAll('{name}', name);
      if (answer.state !== 'ready') return { missing: `SSH at ${address} as ${user} did not let us in: ${answer.why}` };
      const { hostKey, hostKeyType } = answer;
      const told = await readHostKey(world.cluster.api, node, vmid, hostKeyType, signal);
      const own = 'hostKey' in told ? told.hostKey : undefined;
      const notes = await requireOwnHostKey(world, { vmid, node, name, mac }, { address, hostKey, own });
      if (own !== undefined && own !== hostKey)
        return { missing: `another machine answers at ${address}: its host key is ${hostKey}, and ${name} has ${own}` };
      const hostKeyFrom = 'why' in told ? `not compared with the guest agent's: ${told.why}` : agentTold;
      return { found: { hostKey, hostKeyFrom, ssh, notes } };
    }),
};

const agentTold = 'the guest agent tells the same';

function targetOf(world: World, host: string, user: string): ShellTarget {
  const { privateKey, jump } = world.settings.ssh;
  return { host, port: 22, user, privateKey, ...(jump ? { jump } : {}) };
}

/** Looks again and again until something is found, each time told which share of the time is over; after the limit the last look's words say what is missing. */
async function within<T>(
  world: World,
  limit: string,
  look: (signal: AbortSignal, share: number) => Promise<{ found: T } | { missing: string }>,
): Promise<T> {
  const limitMs = ms(limit);
  const over = AbortSignal.timeout(limitMs);
  const signal = AbortSignal.any([world.signal, over]);
  const start = world.clock.now();
  let missing = 'nothing answered';
  try {
    const { found } = await poll(
      async () => {
        const seen = await look(signal, (world.clock.now() - start) / limitMs);
        if ('found' in seen) return seen;
        missing = seen.missing;
        return undefined;
      },
      { clock: world.clock, signal, firstMs: 50, mostMs: 1000 },
    );
    return found;
  } catch (error) {
    if (world.signal.aborted || !over.aborted) throw error;
    throw gone(world, `After ${spell(limitMs)}, ${missing}.`);
  }
}

function gone(world: World, message: string): RemoteError {
  const hint = 'Try once more with --keep and look at its console in Proxmox.';
  return new RemoteError(`Proxmox ${world.cluster.name}`, message, { outcome: 'permanent', hint });
}
