import { isIPv6 } from 'node:net';

/** Whether a host name or address, as it stands in a URL, can only be this machine. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return (
    bare === 'localhost' ||
    bare.endsWith('.localhost') ||
    /^127(\.\d{1,3}){3}$/.test(bare) ||
    (isIPv6(bare) && bare === '::1')
  );
}
