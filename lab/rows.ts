import type { Cluster } from './cluster.ts';
import { isCdrom, ownVolid, readDrive } from './drive.ts';
import { drivesOf } from './guests.ts';
import { readProperties, readSize } from './property.ts';
import type { Container, Guest } from './state.ts';

type Config = Readonly<Record<string, string>>;
const mib = 1024 ** 2;

/** Bytes of memory that a VM is given. */
export function memoryOf({ memory = '512' }: Config): number {
  const { current = '512' } = /^\d+$/.test(memory) ? { current: memory } : readProperties(memory, 'current');
  return Number(current) * mib;
}

export function cpusOf(config: Config): number {
  return Number(config.cores ?? 1) * Number(config.sockets ?? 1);
}

/** Bytes of the first disk, which is what Proxmox shows as a VM's `maxdisk`. */
function diskOf(config: Config): number {
  const all = drivesOf(config);
  if (all.length === 0) return 0;
  const boot = config.boot?.replace('order=', '').split(';') ?? [];
  const drives = all.filter(([, line]) => !isCdrom(readDrive(line)));
  const [, line] = drives.find(([key]) => boot.includes(key)) ?? drives[0] ?? [];
  return line === undefined ? 0 : (readSize(readDrive(line).options.size ?? '0') ?? 0);
}

/** How long its processes had to wait for what; 9.x tells it of running VMs. */
const pressures = ['cpu', 'io', 'memory'].flatMap((what) => [`pressure${what}some`, `pressure${what}full`]);
const pressure = Object.fromEntries(pressures.map((key) => [key, 0]));

/** A row of `GET /nodes/{node}/qemu`, and the base of `status/current`. */
export function statusRow(cluster: Cluster, guest: Guest): Record<string, unknown> {
  const { config } = guest;
  const process = cluster.engine.process(guest.vmid);
  const uptime = uptimeOf(process);
  const running = cluster.engine.power(guest.vmid) !== 'stopped';
  return {
    vmid: guest.vmid,
    name: config.name ?? `VM ${guest.vmid}`,
    status: running ? 'running' : 'stopped',
    cpu: 0,
    cpus: cpusOf(config),
    mem: running ? Math.floor(memoryOf(config) * 0.6) : 0,
    maxmem: memoryOf(config),
    disk: 0,
    maxdisk: diskOf(config),
    uptime,
    netin: 0,
    netout: 0,
    ...(cluster.settings.profile === '8.4' ? {} : { memhost: running ? memoryOf(config) : 0 }),
    ...(cluster.settings.profile === '8.4' || !running ? {} : pressure),
    ...(process ? { pid: process.pid } : {}),
    ...(config.template === '1' ? { template: 1 } : {}),
    ...(config.tags ? { tags: config.tags } : {}),
    ...(config.lock ? { lock: config.lock } : {}),
    ...(Object.keys(config).some((key) => key.startsWith('serial')) ? { serial: 1 } : {}),
  };
}

/**
 * A VM's row of `/cluster/resources`: as old as `pvestatd`'s last round, and nearly empty for a VM it has not seen yet.
 * Written without spreads: there may be thousands in one answer.
 */
export function resourceRow({ settings, engine, seen }: Cluster, guest: Guest): Record<string, unknown> {
  const { vmid, node, pool } = guest;
  const row: Record<string, unknown> = { id: `qemu/${vmid}`, type: 'qemu', vmid, node, status: 'unknown' };
  if (pool !== undefined) row.pool = pool;
  const last = settings.resourcesLagMs === 0 ? undefined : seen.get(vmid);
  if (settings.resourcesLagMs > 0 && !last) return row;
  const config = last?.config ?? guest.config;
  const running = engine.power(vmid) !== 'stopped';
  const memory = memoryOf(config);
  row.name = config.name ?? `VM ${vmid}`;
  row.status = last?.status ?? (running ? 'running' : 'stopped');
  row.uptime = last?.uptime ?? uptimeOf(engine.process(vmid));
  row.template = config.template === '1' ? 1 : 0;
  row.maxcpu = cpusOf(config);
  row.maxmem = memory;
  row.maxdisk = diskOf(config);
  row.mem = running ? Math.floor(memory * 0.6) : 0;
  for (const key of idle) row[key] = 0;
  if (settings.profile !== '8.4') {
    row.memhost = running ? memory : 0;
    if (running) for (const key of pressures) row[key] = 0;
  }
  if (config.tags) row.tags = config.tags;
  if (guest.config.lock) row.lock = guest.config.lock;
  return row;
}

/** What the lab's VMs make no use of. */
const idle = ['cpu', 'disk', 'diskread', 'diskwrite', 'netin', 'netout'];

function uptimeOf(process: { readonly startedAt: number } | undefined): number {
  return process ? Math.floor((Date.now() - process.startedAt) / 1000) : 0;
}

/** A container's row of `/cluster/resources`. */
export function containerRow({ vmid, node, name }: Container): Record<string, unknown> {
  const idle = { cpu: 0, mem: 0, disk: 0, uptime: 0, netin: 0, netout: 0, diskread: 0, diskwrite: 0 };
  const size = { maxcpu: 1, maxmem: 512 * mib, maxdisk: 4096 * mib };
  return { id: `lxc/${vmid}`, type: 'lxc', vmid, node, name, status: 'stopped', template: 0, ...size, ...idle };
}

/** One round of `pvestatd`. */
export function lookAtGuests(cluster: Cluster): void {
  cluster.seen.clear();
  for (const guest of cluster.state.guests) {
    const process = cluster.engine.process(guest.vmid);
    const status = cluster.engine.power(guest.vmid) === 'stopped' ? 'stopped' : 'running';
    const uptime = uptimeOf(process);
    cluster.seen.set(guest.vmid, { status, config: { ...guest.config }, uptime });
  }
}

/** Bytes taken on a storage of a node, by what lies on it. */
export function usedOn(cluster: Cluster, storage: string, node: string): number {
  const here = cluster.state.volumes.filter((volume) => volume.storage === storage && (volume.node ?? node) === node);
  return here.reduce((sum, volume) => sum + volume.used, 0);
}

/** Memory that the running VMs of a node were given, in bytes. */
export function memoryInUse(cluster: Cluster, node: string): number {
  const running = cluster.state.guests.filter(
    (guest) => guest.node === node && cluster.engine.power(guest.vmid) !== 'stopped',
  );
  return running.reduce((sum, guest) => sum + memoryOf(guest.config), 0);
}

/** The volumes that a VM's config names, unused ones included. */
export function volidsOf(config: Config): string[] {
  const lines = Object.entries(config).filter(([key]) => /^unused\d+$/.test(key));
  return [...drivesOf(config), ...lines]
    .map(([, line]) => readDrive(line))
    .filter((drive) => drive.file.includes(':'))
    .map((drive) => ownVolid(drive.file));
}
