import { parse } from 'yaml';
import type { CloudInitFiles } from '../engine.ts';

/** What cloud-init would do with its files, as far as the simulation plays it. */
export interface Seed {
  readonly instanceId: string;
  readonly hostname: string | undefined;
  /** User name → public keys. */
  readonly users: Record<string, string[]>;
  readonly packages: readonly string[];
  /** The machine powers off when cloud-init is done. */
  readonly powerOff: boolean;
  readonly files: Record<string, string>;
  readonly cards: readonly Card[];
}

/** The addresses of one network card, found by its MAC address or by its place. */
export interface Card {
  readonly mac: string | undefined;
  /** `10.77.0.20/24`, or undefined for DHCP. */
  readonly address: string | undefined;
}

/** Reads NoCloud files. Throws what `cloud-init` would complain about when they are not YAML. */
export function readSeed(seed: CloudInitFiles): Seed {
  const meta = record(parse(seed.metaData));
  const user = record(parse(seed.userData));
  const commands = array(user.runcmd).map((command) => (Array.isArray(command) ? command.join(' ') : String(command)));
  const files = Object.fromEntries(
    array(user.write_files).map((file) => [String(record(file).path), String(record(file).content ?? '')]),
  );
  // A command counts with what the scripts it names hold.
  const spelled = commands.map((command) =>
    command.split(/\s+/).reduce((text, word) => text + (files[word] ?? ''), command),
  );
  const powerState = record(user.power_state);
  return {
    instanceId: String(meta['instance-id'] ?? 'iid-unknown'),
    hostname: textOf(user.hostname) ?? textOf(meta['local-hostname']) ?? textOf(user.fqdn)?.split('.')[0],
    users: usersOf(user),
    packages: array(user.packages).map(String),
    powerOff:
      powerState.mode === 'poweroff' || spelled.some((command) => /\b(poweroff|shutdown\s+(-h|now))/.test(command)),
    files,
    cards: cardsOf(record(parse(seed.networkConfig))),
  };
}

function usersOf(user: Record<string, unknown>): Record<string, string[]> {
  const keys = keysOf(user.ssh_authorized_keys);
  const first = textOf(user.user) ?? 'debian';
  const listed = user.users === undefined ? ['default'] : array(user.users);
  const users: Record<string, string[]> = {};
  for (const entry of listed) {
    if (entry === 'default') users[first] = keys;
    else {
      const one = record(entry);
      const name = textOf(one.name);
      if (name !== undefined) users[name] = keysOf(one.ssh_authorized_keys);
    }
  }
  return users;
}

/** cloud-init installs none of a list in which one is no text: `… ana: laptop` is a mapping to YAML. */
function keysOf(listed: unknown): string[] {
  const keys = array(listed);
  return keys.every((one) => typeof one === 'string') ? keys : [];
}

function cardsOf(network: Record<string, unknown>): Card[] {
  const inner = record(network.network ?? network);
  if (inner.version === 2) {
    return Object.values(record(inner.ethernets)).map((entry) => {
      const card = record(entry);
      const address = array(card.addresses)
        .map(String)
        .find((one) => !one.includes(':'));
      return { mac: textOf(record(card.match).macaddress)?.toLowerCase(), address };
    });
  }
  const physical = array(inner.config)
    .map(record)
    .filter((entry) => entry.type === 'physical');
  return physical.map((entry) => {
    const subnet = array(entry.subnets)
      .map(record)
      .find((one) => one.type === 'static');
    return { mac: textOf(entry.mac_address)?.toLowerCase(), address: subnet && withPrefix(subnet) };
  });
}

function withPrefix(subnet: Record<string, unknown>): string {
  const address = String(subnet.address);
  if (address.includes('/')) return address;
  const bits = String(subnet.netmask ?? '255.255.255.0')
    .split('.')
    .map((part) => Number(part).toString(2).replaceAll('0', '').length)
    .reduce((sum, part) => sum + part, 0);
  return `${address}/${bits}`;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function array(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
