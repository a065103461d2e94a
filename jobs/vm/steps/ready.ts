import { isIPv4 } from 'node:net';
import { ms, spell } from '#base/duration.ts';
import { poll } from '#base/poll.ts';
import { trySsh } from '#guest/ready.ts';
import type { ShellTarget } from '#guest/shell.ts';
import type { Step } from '#jobs/engine/step.ts';
import type { World } from '#jobs/engine/world.ts';
import { pingAgent, readAddresses } from '#proxmox/agent.ts';
import { readHostKey } from '#proxmox/agent-host-key.ts';
import { requireOwnAddress, requireOwnHostKey } from '../addresses/require-own.ts';
import { atItsNode } from './at-its-node.ts';
import { askCloudInit, cloudInitFailed, cloudInitNotes } from './cloud-init.ts';
import type { Machine } from './power.ts';
import { hopeless, watchVm } from './watch.ts';

/** The three signs that a VM is ready, each with its own time limit and its own words when it does not come. */
export const waitForAgent: Step<Machine, null> = {
  name: 'wait for agent',
  label: () => 'Wait for the guest agent',
  timeout: '1h',
  repeat: 'safe',

  run: (world, machine) => atItsNode(world, machine, (vm) => hearAgent(world, vm)),
};

async function hearAgent(world: World, vm: Machine): Promise<null> {
  await world.clock.sleep(firstPingMs, world.signal);
  await within(world, vm, 'agent', async (signal) => {
    const answer = await pingAgent(world.cluster, vm.node, vm.vmid, signal);
    if (answer === 'answers') return { found: null };
    if (answer === 'vm down') throw hopeless(world, `${vm.name} (VM ${vm.vmid}) powered off while it booted.`);
    if (answer === 'not configured') throw hopeless(world, `${vm.name} (VM ${vm.vmid}) has no guest agent configured.`);
    return { missing: `the guest agent of ${vm.name} (VM ${vm.vmid}) did not answer` };
  });
  return null;
}

/** No system is up sooner, so that nothing is asked for in vain. */
const firstPingMs = 250;

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
  const vm = { vmid, node, name };
  return within(world, vm, 'address', async (signal, share) => {
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
 * SSH with our own key, as people will use it, at the VM itself, where a command runs and cloud-init has done its work.
 * The host key that answers is compared with what its agent tells, where the token may ask, and with other VMs'.
 */
export const waitForSsh: Step<Reached, Answered> = {
  name: 'reach by ssh',
  label: () => 'Wait for SSH',
  timeout: '1h',
  repeat: 'safe',

  run: (world, machine) => atItsNode(world, machine, (vm) => reach(world, vm)),
};

type Reached = Machine & { readonly mac: string; readonly address: string; readonly user: string };
type Answered = {
  readonly hostKey: string;
  readonly hostKeyFrom: string;
  readonly ssh: string;
  readonly notes: readonly string[];
};

function reach(world: World, { vmid, node, name, mac, address, user }: Reached): Promise<Answered> {
  const vm = { vmid, node, name };
  const { show } = world.settings.ssh;
  const ssh = show.replaceAll('{user}', user).replaceAll('{address}', address).replaceAll('{name}', name);
  // Less than the whole limit, so that a command that never ends is named when that is over.
  const commandMs = Math.min(30_000, ms(world.settings.create.ready.ssh) / 3);
  return within(world, vm, 'ssh', async (signal, share) => {
    const answer = await trySsh(targetOf(world, address, user), signal, askCloudInit, { commandMs });
    if (answer.state !== 'ready') return { missing: `SSH at ${address} as ${user} is not ready: ${answer.why}` };
    const { hostKey, hostKeyType, answer: cloudInit } = answer;
    // First, so that the rest is asked once. Another machine's cloud-init has done its work as a rule.
    if (cloudInit.state === 'at work' && share < cloudInitShare)
      return { missing: `cloud-init of ${name} is still at work` };
    // Its agent has answered before, so that this holds no worker of the node for seconds and needs no turn.
    const told = await readHostKey(world.cluster.api, node, vmid, hostKeyType, signal);
    const own = 'hostKey' in told ? told.hostKey : undefined;
    const notes = await requireOwnHostKey(world, { ...vm, mac }, { address, hostKey, own });
    if (own !== undefined && own !== hostKey)
      return { missing: `another machine answers at ${address}: its host key is ${hostKey}, and ${name} has ${own}` };
    if (cloudInit.state === 'failed') throw cloudInitFailed(world, vm, cloudInit);
    const hostKeyFrom = 'why' in told ? `not compared with the guest agent's: ${told.why}` : agentTold;
    return { found: { hostKey, hostKeyFrom, ssh, notes: [...notes, ...cloudInitNotes(cloudInit)] } };
  });
}

const agentTold = 'the guest agent tells the same';
/** The share of the time limit for which cloud-init's end is waited for; a machine that can be used is not given up for it. */
const cloudInitShare = 0.8;

function targetOf(world: World, host: string, user: string): ShellTarget {
  const { privateKey, jump } = world.settings.ssh;
  return { host, port: 22, user, privateKey, ...(jump ? { jump } : {}) };
}

/** The pause after the first look, which doubles up to `mostMs`. What is asked of Proxmox is asked once a second at most. */
const firstMs = { agent: 1000, address: 1000, ssh: 200 };
const mostMs = { agent: 1500, address: 1000, ssh: 1000 };

/**
 * Looks again and again until something is found, each time told which share of the time is over; after the limit the
 * last look's words say what is missing. Ends earlier when the VM itself has come to an end.
 */
async function within<T>(
  world: World,
  vm: Machine,
  sign: 'agent' | 'address' | 'ssh',
  look: (signal: AbortSignal, share: number) => Promise<{ found: T } | { missing: string }>,
): Promise<T> {
  const limit = world.settings.create.ready[sign];
  const limitMs = ms(limit);
  const over = AbortSignal.timeout(limitMs);
  const signal = AbortSignal.any([world.signal, over]);
  const start = world.clock.now();
  const watch = watchVm(world, vm, sign === 'agent' ? { bootMs: Math.min(60_000, limitMs / 2) } : {});
  let missing = 'nothing answered';
  try {
    const { found } = await poll(
      async () => {
        const seen = await look(signal, (world.clock.now() - start) / limitMs);
        if ('found' in seen) return seen;
        missing = seen.missing;
        await watch();
        return undefined;
      },
      { clock: world.clock, signal, firstMs: firstMs[sign], mostMs: mostMs[sign] },
    );
    return found;
  } catch (error) {
    if (world.signal.aborted || !over.aborted) throw error;
    throw hopeless(world, `After ${spell(limitMs)}, ${missing}.`);
  }
}
