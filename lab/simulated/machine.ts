import { randomUUID } from 'node:crypto';
import { isCdrom, readDrive } from '../drive.ts';
import type { Machine } from '../engine.ts';
import { segment } from '../engine.ts';
import { models } from '../formats.ts';
import { readProperties } from '../property.ts';
import { cpusOf, memoryOf } from '../rows.ts';
import type { Disk, Disks } from './disks.ts';
import type { Standstill, System, Trouble } from './image.ts';
import { bootMedium, showInstaller } from './installer.ts';
import { readIso } from './iso.ts';
import type { Inside } from './program.ts';
import { after, type Running, type Surroundings } from './running.ts';
import { readSeed, type Seed } from './seed.ts';
import { hostKeyOf } from './ssh.ts';

/** Gives a machine power: its system comes up by and by, all by timers that end with the power. */
export function powerOn(machine: Machine, pid: number, around: Surroundings): Running {
  const { disk, disc } = bootMedium(machine, around.disks);
  const running: Running = {
    machine,
    pid,
    startedAt: Date.now(),
    power: 'running',
    // A BIOS looks for a boot sector and finds none.
    diskRead: 512,
    cloudInitStatus: 'not started',
    system: disk?.system,
    console: [],
    cards: cardsOf(machine),
    booted: false,
    agentUp: false,
    sshUp: false,
    cloudInit: Promise.withResolvers<void>(),
    heard: Promise.withResolvers<void>(),
    timers: new Set(),
  };
  running.cloudInit.promise.catch(() => {});
  if (disc) after(running, around.times.bootMs, () => showInstaller(running, disc, around));
  else if (!running.system) running.console.push('No bootable device.');
  else after(running, around.times.bootMs, () => boot(running, running.system as System, around));
  return running;
}

/** Takes the power away from everything that still was to come. */
export function powerCut(running: Running): void {
  for (const timer of running.timers) clearTimeout(timer);
  running.cloudInit.reject(new Error('the machine lost its power'));
}

/** What a command run on this machine sees. */
export function insideOf(running: Running, system: System, user: string, around: Surroundings): Inside {
  const { config, vmid } = running.machine;
  return {
    system,
    user,
    variables: {},
    cores: cpusOf(config),
    memory: memoryOf(config),
    diskSize: bootDisk(running.machine, around.disks)?.size ?? 0,
    address: running.cards[0]?.address,
    cloudInitStatus: () => running.cloudInitStatus,
    bootedAt: running.startedAt,
    settled: running.cloudInit.promise,
    powerOff: () => after(running, around.times.shutdownMs, () => around.powerOff(vmid)),
    reboot: () => {
      running.booted = running.agentUp = running.sshUp = false;
      after(running, around.times.bootMs, () => boot(running, system, around));
    },
  };
}

function boot(running: Running, system: System, around: Surroundings): void {
  const { times } = around;
  running.diskRead += 256 * 1024 ** 2;
  if (strike(running, system, around)) return;
  running.booted = true;
  running.cloudInitStatus = 'running';
  running.console.push(`Linux version 6.1 (${system.os})`, '');
  const seed = findSeed(running.machine, around.disks);
  const firstBoot = seed !== undefined && seed.instanceId !== system.instanceId;
  const installing = firstBoot && seed.packages.length > 0 ? times.packagesMs : 0;
  system.machineId ??= randomUUID().replaceAll('-', '');
  if (firstBoot) beginInstance(system, seed);
  running.console.push(`${system.hostname} login: `);
  after(running, times.dhcpMs, () => takeAddresses(running, seed, around));
  after(running, times.sshMs, () => {
    hostKeyOf(system);
    running.sshUp = true;
  });
  if (system.agent) after(running, times.agentMs, () => startAgent(running));
  after(running, times.cloudInitMs + installing, () => {
    if (firstBoot && seed.packages.includes('qemu-guest-agent') && !system.agent) {
      system.agent = true;
      startAgent(running);
    }
    endCloudInit(running, system);
    running.console.push('cloud-init: finished');
    running.cloudInit.resolve();
    around.changed();
    if (firstBoot && seed.powerOff) powerOffWhenHeard(running, system, around);
  });
}

/** What is wrong with the machine shows while it boots; answers whether it gets no further. */
function strike(running: Running, { trouble }: System, around: Surroundings): boolean {
  if (trouble === 'powers off') around.powerOff(running.machine.vmid);
  else if (isStandstill(trouble)) running.power = trouble;
  else return false;
  return true;
}

const isStandstill = (trouble: Trouble | undefined): trouble is Standstill =>
  trouble === 'io-error' || trouble === 'guest-panicked' || trouble === 'paused';

function endCloudInit(running: Running, system: System): void {
  const fails = system.trouble === 'cloud-init fails';
  running.cloudInitStatus = fails ? 'error' : 'done';
  if (!fails) return;
  system.files['/var/log/cloud-init.log'] = [
    '2026-11-28 12:00:00,100 - main.py[DEBUG]: Ran 11 modules with 1 failures',
    '2026-11-28 12:00:00,200 - cc_apt_configure.py[WARNING]: No distribution specified',
    '2026-11-28 12:00:00,300 - util.py[ERROR]: Failed to run command to import alice SSH ids',
    '',
  ].join('\n');
}

/** After its set-up it waits until somebody has asked its agent, but not for ever, and cleans away what cloud-init knew of it. */
function powerOffWhenHeard(running: Running, system: System, { times, powerOff }: Surroundings): void {
  const leave = () => {
    system.instanceId = undefined;
    system.machineId = undefined;
    powerOff(running.machine.vmid);
  };
  after(running, times.lingerMs + times.shutdownMs, leave);
  void running.heard.promise.then(() => after(running, times.shutdownMs, leave));
}

/** A first boot: host name, users, files and a host key of its own. */
function beginInstance(system: System, seed: Seed): void {
  system.instanceId = seed.instanceId;
  system.hostname = seed.hostname ?? system.hostname;
  system.users = structuredClone(seed.users);
  system.hostKey = undefined;
  Object.assign(system.files, seed.files);
}

/** The agent talks over a device that the machine only has when its config asks for it. */
function startAgent(running: Running): void {
  const { enabled = '0' } = readProperties(running.machine.config.agent ?? '0', 'enabled');
  running.agentUp = enabled === '1';
}

function takeAddresses(running: Running, seed: Seed | undefined, around: Surroundings): void {
  for (const [at, card] of running.cards.entries()) {
    const told = seed?.cards.find((one) => one.mac === card.mac) ?? seed?.cards[at];
    card.address = told?.address?.split('/')[0] ?? around.lease(`${running.system?.machineId ?? card.mac} ${card.key}`);
  }
}

/** Proxmox's own drive when there is one, else an ISO with the label `cidata` in a CD drive. */
function findSeed(machine: Machine, disks: Disks): Seed | undefined {
  if (machine.cloudInit) return readSeed(machine.cloudInit);
  for (const [key, volume] of Object.entries(machine.drives)) {
    if (!isCdrom(readDrive(machine.config[key] ?? ''))) continue;
    const iso = readIso(disks.find(volume)?.bytes ?? Buffer.alloc(0));
    if (iso?.label.toLowerCase() !== 'cidata') continue;
    const file = (name: string) => iso.files.get(name)?.toString('utf8') ?? '';
    return readSeed({
      metaData: file('meta-data'),
      userData: file('user-data'),
      networkConfig: file('network-config'),
    });
  }
  return undefined;
}

/** The disk that the machine would boot from. */
const bootDisk = (machine: Machine, disks: Disks): Disk | undefined => bootMedium(machine, disks).disk;

function cardsOf(machine: Machine): Running['cards'] {
  return Object.entries(machine.config)
    .filter(([key]) => /^net\d+$/.test(key))
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([key, line]) => {
      const read = readProperties(line, 'model');
      const mac = models.map((model) => read[model]).find((value) => value !== undefined) ?? read.macaddr ?? '';
      return { key, mac: mac.toLowerCase(), address: undefined };
    });
}

export const addressPrefix = segment.prefix;
