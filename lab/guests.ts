import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { cloudInitFiles } from './cloud-init.ts';
import type { Cluster } from './cluster.ts';
import { isCloudInit, ownVolid, readDrive, storageOf } from './drive.ts';
import type { Machine, Volume } from './engine.ts';
import { models } from './formats.ts';
import { isDrive } from './options.ts';
import { died } from './problem.ts';
import { readProperties, writeProperties } from './property.ts';
import type { Container, Guest, Snapshot } from './state.ts';
import { findVolume } from './volumes.ts';

/** The VM on this node; 500 as Proxmox says it when there is none. */
export function guestOn(cluster: Cluster, node: string, vmid: number): Guest {
  const guest = findGuest(cluster, vmid);
  if (guest?.node !== node) throw died(`Configuration file 'nodes/${node}/qemu-server/${vmid}.conf' does not exist`);
  return guest;
}

/** Some calls look for the file in another way, and say so in other words. */
export function guestFileOn(cluster: Cluster, node: string, vmid: number): Guest {
  const guest = findGuest(cluster, vmid);
  if (guest?.node !== node) throw died(`unable to find configuration file for VM ${vmid} on node '${node}'`);
  return guest;
}

/** A VM with nothing in it yet. */
export function newGuest(
  vmid: number,
  node: string,
  config: Record<string, string>,
  pool: string | undefined = undefined,
): Guest {
  return { vmid, node, config, pool, pending: {}, ha: false, snapshots: [] };
}

export function findGuest(cluster: Cluster, vmid: number): Guest | undefined {
  return cluster.state.guests.find((guest) => guest.vmid === vmid);
}

/** A container as much as a VM keeps others from its number. */
export function isNumberUsed(cluster: Cluster, vmid: number): boolean {
  return findGuest(cluster, vmid) !== undefined || findContainer(cluster, vmid) !== undefined;
}

export function findContainer(cluster: Cluster, vmid: number): Container | undefined {
  return cluster.state.containers.find((container) => container.vmid === vmid);
}

/** Throws `VM is locked (backup)` while another operation holds the config. */
export function checkLock(guest: Guest): void {
  if (guest.config.lock) throw died(`VM is locked (${guest.config.lock})`);
}

/** The snapshot of this name; Proxmox's 500 when there is none. */
export function findSnapshot(guest: Guest, name: string): Snapshot {
  const found = guest.snapshots.find((snapshot) => snapshot.name === name);
  if (!found) throw died(`snapshot '${name}' does not exist`);
  return found;
}

export function isTemplate(guest: Guest): boolean {
  return guest.config.template === '1';
}

export function isRunning(cluster: Cluster, guest: Guest): boolean {
  return cluster.engine.power(guest.vmid) !== 'stopped';
}

/** SHA-1 over the config file, for optimistic locking. */
export function digestOf(guest: Guest): string {
  const lines = Object.entries(guest.config).sort(([one], [other]) => one.localeCompare(other));
  const waiting = Object.entries(guest.pending).sort(([one], [other]) => one.localeCompare(other));
  return createHash('sha1')
    .update(JSON.stringify([lines, waiting]))
    .digest('hex');
}

/** The config as it will be after the next start. */
export function withPending(guest: Guest): Record<string, string> {
  const config = { ...guest.config };
  for (const [key, value] of Object.entries(guest.pending)) {
    if (value === null) delete config[key];
    else config[key] = value;
  }
  return config;
}

/** What waited for the machine to be off takes effect. */
export function applyPending(guest: Guest): void {
  guest.config = withPending(guest);
  guest.pending = {};
}

/** What every new VM gets: an identity of its own. */
export function newIdentity(): Record<string, string> {
  return { smbios1: `uuid=${randomUUID()}`, vmgenid: randomUUID() };
}

export function newMac(): string {
  return [
    'BC',
    '24',
    '11',
    ...[...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()),
  ].join(':');
}

/** A network line with an address: a new one when it has none, or always (for a clone). */
export function withMac(line: string, always = false): string {
  const { model = '', macaddr, ...rest } = readProperties(line, 'model');
  const named = models.find((name) => rest[name] !== undefined);
  const type = named ?? model;
  const mac = always ? newMac() : ((named ? rest[named] : macaddr) ?? newMac());
  if (named) delete rest[named];
  const others = writeProperties(rest);
  return `${type}=${mac.toUpperCase()}${others === '' ? '' : `,${others}`}`;
}

/** The bridge of a network line. */
export function bridgeOf(line: string): string | undefined {
  return readProperties(line, 'model').bridge;
}

/** The drive keys of a config with their lines. */
export function drivesOf(config: Readonly<Record<string, string>>): [string, string][] {
  const drives: [string, string][] = [];
  for (const key of Object.keys(config)) if (isDrive(key)) drives.push([key, config[key] ?? '']);
  return drives;
}

/** The first `unusedN` that is free. */
export function freeUnused(guest: Guest): string {
  for (let number = 0; ; number++) if (guest.config[`unused${number}`] === undefined) return `unused${number}`;
}

/** The boot order Proxmox makes when none is given: first disk, then CD drives, then network cards. */
export function defaultBoot(config: Readonly<Record<string, string>>): string {
  const drives = drivesOf(config).filter(([key]) => !/^(efidisk|tpmstate)/.test(key));
  const disks = drives.filter(([, line]) => readDrive(line).options.media !== 'cdrom').map(([key]) => key);
  const discs = drives.filter(([, line]) => readDrive(line).options.media === 'cdrom').map(([key]) => key);
  const cards = Object.keys(config).filter((key) => /^net\d+$/.test(key));
  return `order=${[...disks.sort().slice(0, 1), ...discs.sort(), ...cards.sort().slice(0, 1)].join(';')}`;
}

/** The VM as the engine starts it. Throws `volume '…' does not exist` when one of its volumes is gone. */
export function machineOf(cluster: Cluster, guest: Guest): Machine {
  const drives: Record<string, Volume> = {};
  let seeded = false;
  for (const [key, line] of drivesOf(guest.config)) {
    const drive = readDrive(line);
    if (drive.file === 'none' || drive.file === 'cdrom') continue;
    if (isCloudInit(drive)) {
      seeded = true;
      continue;
    }
    const volid = ownVolid(drive.file);
    const record = findVolume(cluster.state, volid, guest.node);
    if (!record) throw died(`volume '${drive.file}' does not exist`);
    drives[key] = { volid, storage: storageOf(volid), node: record.node };
  }
  const name = guest.config.name ?? `VM${guest.vmid}`;
  const cloudInit = seeded ? cloudInitFiles(guest.vmid, guest.config) : undefined;
  return { vmid: guest.vmid, node: guest.node, name, config: { ...guest.config }, drives, cloudInit };
}
