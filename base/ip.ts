import { isIPv4 } from 'node:net';

/** An IP address as programs write it, IPv6 in its shortest form, so that two can be compared. */
export function normalIp(address: string): string {
  return isIPv4(address) ? address : new URL(`http://[${address}]`).hostname.slice(1, -1);
}
