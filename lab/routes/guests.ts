import { allowedGuests, isRoot } from '../access.ts';
import { checkChange, normalTags } from '../change.ts';
import type { Cluster } from '../cluster.ts';
import { type Making, makeDrive } from '../disks.ts';
import { baseVolid, readDrive } from '../drive.ts';
import {
  checkLock,
  defaultBoot,
  drivesOf,
  findContainer,
  findGuest,
  guestOn,
  isRunning,
  newGuest,
  newIdentity,
  withMac,
  withPending,
} from '../guests.ts';
import { isDrive, optionParams } from '../options.ts';
import { flag, integer, optional, type Params, storageId, text, vmid } from '../params.ts';
import { badParameters, died, forbidden } from '../problem.ts';
import { checkWritable } from '../quorum.ts';
import { type Call, perm, permAllocate, type Route } from '../route.ts';
import { statusRow, volidsOf } from '../rows.ts';
import type { Guest } from '../state.ts';
import type { Task } from '../tasks.ts';
import { clonesOf, findVolume, removeVolume } from '../volumes.ts';
import { startGuest, withLock } from './power.ts';

const control: Params = {
  vmid,
  archive: optional(text()),
  bwlimit: optional(integer(0)),
  force: optional(flag),
  pool: optional(text()),
  start: optional(flag),
  storage: optional(storageId),
  unique: optional(flag),
};

export const guestRoutes: readonly Route[] = [
  { method: 'GET', path: '/nodes/{node}/qemu', access: 'user', params: { full: optional(flag) }, run: listGuests },
  {
    method: 'POST',
    path: '/nodes/{node}/qemu',
    access: 'user',
    params: (given) => ({ ...optionParams(Object.keys(given)), ...control }),
    run: create,
  },
  {
    method: 'DELETE',
    path: '/nodes/{node}/qemu/{vmid}',
    access: perm('/vms/{vmid}', 'VM.Allocate'),
    params: { purge: optional(flag), 'destroy-unreferenced-disks': optional(flag), skiplock: optional(flag) },
    run: destroy,
  },
];

function listGuests({ cluster, caller, node, values }: Call): unknown[] {
  return allowedGuests(cluster.state, caller, 'VM.Audit')
    .filter((guest) => guest.node === node)
    .map((guest) => {
      const row = statusRow(cluster, guest);
      return values.full === '1' ? { ...row, qmpstatus: cluster.engine.power(guest.vmid) } : row;
    });
}

function create(call: Call): string {
  const { cluster, caller, node, values } = call;
  const { vmid: id, archive, bwlimit: _, force: __, pool, start, storage: ___, unique: ____, ...set } = values;
  const number = Number(id);
  permAllocate('vmid')(call);
  if (pool !== undefined) checkPool(cluster, pool);
  if (archive !== undefined) throw died(`unable to restore VM ${number} - the lab keeps no backups`);
  const taken = findGuest(cluster, number);
  if (taken) throw died(`unable to create VM ${number} - VM ${number} already exists on node '${taken.node}'`);
  const container = findContainer(cluster, number);
  if (container) throw died(`unable to create VM ${number} - CT ${number} already exists on node '${container.node}'`);
  checkChange(cluster, caller, { vmid: number, pool }, { set, remove: [], revert: [], force: false });
  return cluster.tasks.start({ node, type: 'qmcreate', id: String(number), caller }, (task) =>
    withLock(cluster, number, task, async () => {
      const guest = await createGuest(cluster, { vmid: number, node, pool, set }, task);
      if (start === '1') await startGuest(cluster, guest, task);
    }),
  );
}

/** Throws the 403 that Proxmox answers for a pool nobody made. */
export function checkPool(cluster: Cluster, pool: string): void {
  const known = cluster.state.pools.some((candidate) => candidate.poolid === pool);
  if (!known) throw forbidden(`pool '${pool}' does not exist`);
}

interface NewGuest {
  readonly vmid: number;
  readonly node: string;
  readonly pool: string | undefined;
  readonly set: Readonly<Record<string, string>>;
}

/** Makes config and disks; whatever goes wrong takes all of it back. */
async function createGuest(cluster: Cluster, wish: NewGuest, task: Task): Promise<Guest> {
  const { vmid: id, node, set } = wish;
  if (findGuest(cluster, id)) throw died(`unable to create VM ${id} - VM ${id} already exists on node '${node}'`);
  const meta = `creation-qemu=9.2.0,ctime=${Math.floor(Date.now() / 1000)}`;
  const guest = newGuest(id, node, { lock: 'create' }, wish.pool);
  cluster.state.guests.push(guest);
  const making: Making = { log: task.log, signal: task.signal, made: [] };
  try {
    const config: Record<string, string> = { ...newIdentity(), meta, ...set };
    for (const [key, value] of Object.entries(set)) {
      if (isDrive(key)) config[key] = await makeDrive(cluster, guest, key, value, making);
      if (/^net\d+$/.test(key)) config[key] = withMac(value);
    }
    if (set.tags !== undefined && cluster.settings.profile !== '8.4') config.tags = normalTags(set.tags);
    config.boot ??= defaultBoot(config);
    guest.config = config;
    cluster.file.save();
    return guest;
  } catch (error) {
    for (const volume of making.made) await removeVolume(cluster, volume);
    forget(cluster, guest);
    throw new Error(`unable to create VM ${id} - ${(error as Error).message}`, { cause: error });
  }
}

function destroy(call: Call): string {
  const { cluster, caller, node, vmid: id, values } = call;
  if (values.skiplock === '1' && !isRoot(caller)) throw badParameters({ skiplock: 'Only root may use this option.' });
  const guest = guestOn(cluster, node, id);
  if (guest.config.protection === '1') throw died(`can't remove VM ${id} - protection mode enabled`);
  if (guest.ha && values.purge !== '1') {
    throw died(`unable to remove VM ${id} - used in HA resources and purge parameter not set.`);
  }
  if (isRunning(cluster, guest)) throw died(`VM ${id} is running - destroy failed`);
  return cluster.tasks.start({ node, type: 'qmdestroy', id: String(id), caller }, (task) =>
    withLock(cluster, id, task, async () => {
      guestOn(cluster, node, id);
      if (values.skiplock !== '1') checkLock(guest);
      if (isRunning(cluster, guest)) throw died(`VM ${id} is running - destroy failed`);
      await destroyGuest(cluster, guest, values['destroy-unreferenced-disks'] === '1');
      if (values.purge === '1') task.log(`purging VM ${id} from related configurations..`);
    }),
  );
}

/** Takes a VM and the volumes that are its own away. */
async function destroyGuest(cluster: Cluster, guest: Guest, everything: boolean): Promise<void> {
  checkWritable(cluster, guest.node, guest.vmid);
  // Of a snapshot only its memory goes; a disk that no more than a snapshot names stays behind.
  const states = guest.snapshots.map(({ config }) => ({ unused0: config.vmstate ?? 'none' }));
  const named = [guest.config, withPending(guest), ...states].flatMap(volidsOf);
  const own = cluster.state.volumes.filter(
    (volume) =>
      volume.vmid === guest.vmid &&
      (volume.node ?? guest.node) === guest.node &&
      (everything || named.includes(volume.volid)),
  );
  for (const volume of own) {
    if (clonesOf(cluster.state, volume).length > 0) {
      throw died(`base volume '${volume.volid}' is still in use by linked cloned`);
    }
  }
  for (const volume of own) await removeVolume(cluster, volume);
  forget(cluster, guest);
}

export function forget(cluster: Cluster, guest: Guest): void {
  cluster.state.guests = cluster.state.guests.filter((other) => other !== guest);
  cluster.seen.delete(guest.vmid);
  cluster.file.save();
}

/** Whether a VM's disks, one and all, lie on shared storage. */
export function onSharedStorage(cluster: Cluster, guest: Guest): boolean {
  return drivesOf(guest.config).every(([, line]) => {
    const { file } = readDrive(line);
    if (!file.includes(':')) return true;
    const volid = baseVolid(file) ?? file;
    return findVolume(cluster.state, volid, guest.node)?.node === undefined;
  });
}
