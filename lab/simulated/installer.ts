import { bootOrder } from '../boot-order.ts';
import { isCdrom, readDrive } from '../drive.ts';
import type { Machine } from '../engine.ts';
import type { Disk, Disks } from './disks.ts';
import { newSystem } from './image.ts';
import { readIso } from './iso.ts';
import { after, type Running, type Surroundings } from './running.ts';

/** An installation disc: an ISO image with this file at its top, which says what it installs. */
interface InstallationDisc {
  readonly os: string;
  readonly agent: boolean;
  /** User name → public keys. */
  readonly users: Readonly<Record<string, readonly string[]>>;
}

const discFile = 'lab-installer.json';

/** What a machine boots: the first disk of its boot order with a system on it, or the first disc that installs one. */
export function bootMedium(
  machine: Machine,
  disks: Disks,
): { readonly disk?: Disk | undefined; readonly disc?: InstallationDisc } {
  for (const key of bootOrder(machine.config).keys()) {
    const volume = machine.drives[key];
    const disk = volume && disks.find(volume);
    if (disk?.system) return { disk };
    const disc = disk && isCdrom(readDrive(machine.config[key] ?? '')) ? readDisc(disk) : undefined;
    if (disc) return { disc };
  }
  return {};
}

function readDisc({ bytes }: Disk): InstallationDisc | undefined {
  const file = readIso(bytes)?.files.get(discFile);
  return file && (JSON.parse(file.toString('utf8')) as InstallationDisc);
}

/** The disc's menu waits for Enter; then it installs the system on the first disk that has none, and starts the machine anew. */
export function showInstaller(running: Running, disc: InstallationDisc, around: Surroundings): void {
  running.console.push('Press Enter to install.');
  running.onKey = (keys) => {
    if (keys !== 'ret') return;
    delete running.onKey;
    running.console.push(`Installing ${disc.os} …`);
    after(running, around.times.packagesMs, () => install(running, disc, around));
  };
}

function install({ machine, console }: Running, { os, agent, users }: InstallationDisc, around: Surroundings): void {
  const volumes = Object.entries(machine.drives).filter(([key]) => !isCdrom(readDrive(machine.config[key] ?? '')));
  const disk = volumes.map(([, volume]) => around.disks.find(volume)).find((one) => one && !one.system);
  if (!disk) return void console.push('No disk to install on.');
  disk.system = { ...newSystem(os, agent), users: structuredClone(users) as Record<string, string[]> };
  around.changed();
  void around.reset(machine.vmid);
}
