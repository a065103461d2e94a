import { isIP, isIPv4 } from 'node:net';
import { UserError } from '#base/errors.ts';

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

/** `10.0.20.31/24` in its parts. Throws a `UserError` with the text when it is no address with a prefix length. */
export function parseCidr(text: string): { address: string; prefix: number } {
  const [address = '', length = '', ...rest] = text.split('/');
  const most = isIP(address) === 6 ? 128 : 32;
  const prefix = /^\d+$/.test(length) ? Number(length) : Number.NaN;
  if (isIP(address) !== 0 && rest.length === 0 && prefix >= 1 && prefix <= most) return { address, prefix };
  throw new UserError(`"${text}" is no address with the length of its network.`, { hint: '--ip 10.0.20.31/24' });
}

/** An IP address as it was given. Throws a `UserError` that names the text and what it was meant to be. */
export function parseIp(text: string, what: string): string {
  if (isIP(text) !== 0) return text;
  throw new UserError(`"${text}" is no IP address for a ${what}.`, { hint: 'An address looks like 10.0.20.1' });
}

/** A static address and its gateway fit together, or a `UserError` says why not. */
export function requireSameNetwork(address: string, prefix: number, gateway: string): void {
  if (isIP(address) !== isIP(gateway)) {
    throw new UserError(`The gateway ${gateway} and the address ${address} are of different IP versions.`);
  }
  if (!isIPv4(address)) return;
  const mask = prefix === 0 ? 0 : (~0 << (32 - prefix)) >>> 0;
  const [one, two] = [number(address), number(gateway)];
  if (one === two) throw new UserError(`The gateway ${gateway} is the VM's own address.`);
  if ((one & mask) >>> 0 !== (two & mask) >>> 0) {
    throw new UserError(`The gateway ${gateway} is not in the network of ${address}/${prefix}.`, {
      hint: 'A gateway must be reachable without a gateway.',
    });
  }
}

const number = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
