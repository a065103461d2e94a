import { isIP } from 'node:net';
import { normalIp } from '#base/ip.ts';
import type { VmConfig } from './config.ts';

/** The addresses that a VM is given by its `ipconfigN`, without those that come from DHCP or a router. */
export function staticAddresses({ ipconfig }: VmConfig): string[] {
  const parts = Object.values(ipconfig).flatMap((text) => text.split(','));
  const given = parts.map((part) => /^ip6?=([^/]+)/.exec(part.trim())?.[1] ?? '');
  return given.filter((address) => isIP(address) !== 0).map(normalIp);
}
