import { BlockList, isIP, isIPv4 } from 'node:net';
import { z } from 'zod';
import { spellBytes } from '#base/amounts.ts';
import type { Cluster } from './cluster.ts';
import { at } from './encode.ts';
import { isTooLong, type Kind, ProxmoxError } from './errors.ts';
import { Done, rows } from './shapes.ts';

/** `busy`: another look at an agent of that node is under way; `silent`: nobody answered within Proxmox's 3 s. */
export type AgentAnswer = 'answers' | 'silent' | 'vm down' | 'not configured' | 'busy';

/**
 * Asks a VM's guest agent for a sign of life. A silent one holds one of the node's few workers for 3 s, so only one is asked at a time per
 * node, by all processes together.
 *
 * POST /nodes/{node}/qemu/{vmid}/agent/ping
 */
export async function pingAgent(
  cluster: Cluster,
  node: string,
  vmid: number,
  signal: AbortSignal,
): Promise<AgentAnswer> {
  await using place = await cluster.claims.probe(node, signal);
  if (!place) return 'busy';
  try {
    await cluster.api.post(at`/nodes/${node}/qemu/${vmid}/agent/ping`, Done, undefined, { signal });
    return 'answers';
  } catch (error) {
    return quiet(error);
  }
}

/**
 * The addresses of the network card with this MAC address that others can reach (neither loopback nor link-local), IPv4
 * first, 64 at most. A bridge, bond or VLAN of the guest on that card has the same MAC address, and the card's address then. Empty
 * while the agent is silent or another one of that node is being asked. Throws a `ProxmoxError` of kind `answer too long` when the
 * guest says more than any network needs.
 *
 * GET /nodes/{node}/qemu/{vmid}/agent/network-get-interfaces
 */
export async function readAddresses(
  cluster: Cluster,
  node: string,
  vmid: number,
  mac: string,
  signal: AbortSignal,
): Promise<string[]> {
  await using place = await cluster.claims.probe(node, signal);
  if (!place) return [];
  const path = at`/nodes/${node}/qemu/${vmid}/agent/network-get-interfaces`;
  try {
    const { result } = await cluster.api.get(path, Interfaces, undefined, { signal, once: true, mostBytes });
    const cards = result.filter((one) => one['hardware-address']?.toLowerCase() === mac.toLowerCase());
    const listed = cards.flatMap((card) => card['ip-addresses']).map((one) => one['ip-address']);
    const addresses = [...new Set(listed)].filter(isGlobal);
    const inOrder = [...addresses.filter(isIPv4), ...addresses.filter((address) => !isIPv4(address))];
    return inOrder.slice(0, mostAddresses);
  } catch (error) {
    if (isTooLong(error)) throw floods(cluster, vmid, error);
    quiet(error);
    return [];
  }
}

/** Three thousand interfaces, as a host of very many containers has them. */
const mostBytes = 2 * 1024 ** 2;
const mostAddresses = 64;

/** The guest's doing, not the node's: it would say the same when asked again. */
function floods({ name }: Cluster, vmid: number, cause: ProxmoxError): ProxmoxError {
  const what = `the guest agent of VM ${vmid} floods: what it says of its network is longer than ${spellBytes(mostBytes)}`;
  return new ProxmoxError(name, what, {
    kind: 'answer too long',
    outcome: 'permanent',
    hint: `See with \`qm guest cmd ${vmid} network-get-interfaces | head\` on its node what it says; the VM may not be what it was made to be.`,
    cause,
  });
}

const Interfaces = z.object({
  result: rows(
    z.object({
      'hardware-address': z.string().optional(),
      'ip-addresses': rows(z.object({ 'ip-address': z.string() })),
    }),
  ),
});

/** What a failed question says about the agent; throws what says nothing about it. */
function quiet(error: unknown): AgentAnswer {
  const answer = error instanceof ProxmoxError ? silences[error.kind] : undefined;
  if (answer === undefined) throw error;
  return answer;
}

const silences: Partial<Readonly<Record<Kind, AgentAnswer>>> = {
  'agent down': 'silent',
  'agent not configured': 'not configured',
  'vm down': 'vm down',
  // A lock held at boot, a worker short, or an answer lost: ask again later.
  'lock timeout': 'silent',
  busy: 'silent',
  'unknown outcome': 'silent',
};

const local = new BlockList();
local.addSubnet('127.0.0.0', 8, 'ipv4');
local.addSubnet('169.254.0.0', 16, 'ipv4');
local.addSubnet('0.0.0.0', 8, 'ipv4');
local.addSubnet('fe80::', 10, 'ipv6');
local.addAddress('::1', 'ipv6');
local.addAddress('::', 'ipv6');

function isGlobal(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !local.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
