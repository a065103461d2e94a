import { BlockList, isIP, isIPv4 } from 'node:net';
import { UserError } from '#base/errors.ts';
import { normalIp } from '#base/ip.ts';

/** Where a VM's first network card gets its address. */
export type IpConfig =
  | { readonly kind: 'dhcp' }
  | { readonly kind: 'static'; readonly address: string; readonly prefix: number; readonly gateway?: string };

/** The text of Proxmox' `ipconfig0`: `ip=dhcp`, or `ip=10.0.20.31/24,gw=10.0.20.1` (`ip6=…,gw6=…` for IPv6). */
export function ipConfig(config: IpConfig): string {
  if (config.kind === 'dhcp') return 'ip=dhcp';
  const six = isIPv4(config.address) ? '' : '6';
  const gateway = config.gateway === undefined ? '' : `,gw${six}=${config.gateway}`;
  return `ip${six}=${config.address}/${config.prefix}${gateway}`;
}

/** `10.0.20.31/24` in its parts. Throws a `UserError` with the text when a machine can't have this address. */
export function parseCidr(text: string): { address: string; prefix: number } {
  const [given = '', length = '', ...rest] = text.split('/');
  const prefix = /^\d+$/.test(length) ? Number(length) : Number.NaN;
  const most = isIP(given) === 6 ? 128 : 32;
  if (isIP(given) === 0 || rest.length > 0 || !(prefix >= 1 && prefix <= most)) {
    throw new UserError(`"${text}" is no address with the length of its network.`, { hint: '--ip 10.0.20.31/24' });
  }
  const address = normalIp(given);
  const why = whyNoMachine(address, prefix);
  if (why) throw new UserError(`"${text}" can't be a machine's address: ${why}.`, { hint: '--ip 10.0.20.31/24' });
  return { address, prefix };
}

/** An IP address, IPv6 in its shortest form. Throws a `UserError` that names the text and what it was meant to be (`name server`). */
export function parseIp(text: string, what: string): string {
  if (isIP(text) !== 0) return normalIp(text);
  throw new UserError(`"${text}" is no IP address for a ${what}.`, { hint: 'An address looks like 10.0.20.1' });
}

/** A static address and its gateway fit together, or a `UserError` says why not. */
export function requireSameNetwork(address: string, prefix: number, gateway: string): void {
  if (isIP(address) !== isIP(gateway)) {
    throw new UserError(`The gateway ${gateway} and the address ${address} are of different IP versions.`);
  }
  if (gateway === address) throw new UserError(`The gateway ${gateway} is the VM's own address.`);
  // Routers of an IPv6 network are usually known by an address of the link.
  const isLinkLocal = networkOf('fe80::', 10).check(gateway, family(gateway));
  if (isLinkLocal || networkOf(address, prefix).check(gateway, family(gateway))) return;
  throw new UserError(`The gateway ${gateway} is not in the network of ${address}/${prefix}.`, {
    hint: 'A gateway must be reachable without a gateway.',
  });
}

function whyNoMachine(address: string, prefix: number): string | undefined {
  if (special.check(address, family(address))) return 'it is reserved';
  if (!isIPv4(address) || prefix > 30) return undefined;
  const host = toNumber(address) % 2 ** (32 - prefix);
  if (host === 0) return 'it is the network itself';
  return host === 2 ** (32 - prefix) - 1 ? 'it is the network’s broadcast address' : undefined;
}

/** This host, loopback, multicast and above. */
const special = new BlockList();
special.addSubnet('0.0.0.0', 8);
special.addSubnet('127.0.0.0', 8);
special.addSubnet('224.0.0.0', 3);
special.addSubnet('::', 127, 'ipv6');
special.addSubnet('ff00::', 8, 'ipv6');

function networkOf(address: string, prefix: number): BlockList {
  const network = new BlockList();
  network.addSubnet(address, prefix, family(address));
  return network;
}

const family = (address: string) => (isIPv4(address) ? 'ipv4' : 'ipv6');

const toNumber = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
