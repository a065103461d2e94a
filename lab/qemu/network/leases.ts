import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Lease } from './dhcp.ts';

/**
 * Addresses by MAC, kept in a file so that a machine has the same one after every restart. When all are given out, the one
 * not asked for longest goes to the next newcomer.
 */
export function leaseFile(file: string, addresses: readonly string[]): Lease {
  const held = new Map<string, string>(readLeases(file).filter(([, address]) => addresses.includes(address)));
  return (mac) => {
    const taken = new Set(held.values());
    const address = held.get(mac) ?? addresses.find((free) => !taken.has(free)) ?? oldest(held);
    const known = held.delete(mac);
    held.set(mac, address); // last in the map: asked for most recently
    if (!known) save(file, held);
    return address;
  };
}

function oldest(held: Map<string, string>): string {
  const [first] = held;
  if (!first) throw new Error('The DHCP range is empty.');
  held.delete(first[0]);
  return first[1];
}

function readLeases(file: string): [string, string][] {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function save(file: string, held: ReadonlyMap<string, string>): void {
  writeFileSync(`${file}.new`, JSON.stringify([...held]));
  renameSync(`${file}.new`, file);
}
