import type { Cluster } from '../cluster.ts';
import { engineVolume, isCdrom, isCloudInit, ownVolid, readDrive } from '../drive.ts';
import { checkLock, digestOf, drivesOf, findSnapshot, guestOn, isRunning, isTemplate, newIdentity } from '../guests.ts';
import { shown } from '../options.ts';
import { configId, flag, optional, text, upTo } from '../params.ts';
import { died } from '../problem.ts';
import { type Call, perm, permAny, type Route } from '../route.ts';
import type { Guest, VolumeRecord } from '../state.ts';
import type { Task } from '../tasks.ts';
import { findVolume } from '../volumes.ts';
import { startGuest, withLock } from './power.ts';

const base = '/nodes/{node}/qemu/{vmid}/snapshot';
const access = perm('/vms/{vmid}', 'VM.Snapshot');
const mayRollBack = permAny('/vms/{vmid}', 'VM.Snapshot', 'VM.Snapshot.Rollback');

/** Snapshots of a VM's disks and config. Memory is not kept, as for a VM that is off. */
export const snapshotRoutes: readonly Route[] = [
  { method: 'GET', path: base, access: perm('/vms/{vmid}', 'VM.Audit'), params: {}, run: list },
  {
    method: 'POST',
    path: base,
    access,
    params: { snapname: configId, description: optional(text()), vmstate: optional(flag) },
    run: create,
  },
  {
    method: 'GET',
    path: `${base}/{snapname}`,
    access: 'user',
    params: {},
    run: () => ['config', 'rollback'].map((cmd) => ({ cmd })),
  },
  { method: 'DELETE', path: `${base}/{snapname}`, access, params: { force: optional(flag) }, run: remove },
  {
    method: 'POST',
    path: `${base}/{snapname}/rollback`,
    access: mayRollBack,
    params: { start: optional(flag) },
    run: rollback,
  },
  {
    method: 'GET',
    path: `${base}/{snapname}/config`,
    access: permAny('/vms/{vmid}', 'VM.Snapshot', 'VM.Snapshot.Rollback', 'VM.Audit'),
    params: {},
    run: show,
  },
  {
    method: 'PUT',
    path: `${base}/{snapname}/config`,
    access,
    params: { description: optional(upTo(8192)) },
    run: describe,
  },
];

function list({ cluster, node, vmid }: Call): unknown[] {
  const guest = guestOn(cluster, node, vmid);
  const rows = guest.snapshots.map(({ name, description, snaptime, vmstate, config: { parent } }) => ({
    ...{ name, description, snaptime, vmstate: vmstate ? 1 : 0 },
    ...(parent === undefined ? {} : { parent }),
  }));
  const { parent } = guest.config;
  const now = { name: 'current', description: 'You are here!', digest: digestOf(guest) };
  return [...rows, { ...now, running: isRunning(cluster, guest) ? 1 : 0, ...(parent === undefined ? {} : { parent }) }];
}

function create(call: Call): string {
  const { cluster, node, vmid, values } = call;
  const { snapname = '', description = '' } = values;
  for (const reserved of ['current', 'pending']) {
    if (snapname === reserved) throw died(`unable to use snapshot name '${reserved}' (reserved name)`);
  }
  guestOn(cluster, node, vmid);
  return begin(call, 'qmsnapshot', async (task) => {
    const guest = guestOn(cluster, node, vmid);
    checkLock(guest);
    if (isTemplate(guest)) throw died("you can't take a snapshot if it's a template");
    if (guest.snapshots.some(({ name }) => name === snapname)) throw died(`snapshot name '${snapname}' already used`);
    const disks = disksOf(cluster, guest);
    if (disks.some(([, disk]) => disk.format !== 'qcow2')) throw died('snapshot feature is not available');
    for (const [key, disk] of disks) {
      task.log(`snapshotting 'drive-${key}' (${disk.volid})`);
      await cluster.engine.snapshotDisk(engineVolume(disk), snapname);
    }
    const snaptime = Math.floor(Date.now() / 1000);
    const vmstate = values.vmstate === '1' && isRunning(cluster, guest);
    guest.snapshots.push({ name: snapname, description, snaptime, vmstate, config: { ...guest.config } });
    guest.config.parent = snapname;
  });
}

function rollback(call: Call): string {
  const { cluster, node, vmid, path, values } = call;
  return begin(call, 'qmrollback', async (task) => {
    const guest = guestOn(cluster, node, vmid);
    const { name, config } = findSnapshot(guest, path.snapname ?? '');
    checkLock(guest);
    await cluster.engine.stop(vmid);
    for (const [, disk] of disksOf(cluster, { ...guest, config })) {
      await cluster.engine.rollbackDisk(engineVolume(disk), name);
      const { virtualSize } = await cluster.engine.inspect(engineVolume(disk));
      disk.size = virtualSize;
    }
    // Software in the guest is told by a new generation id that time went backwards.
    guest.config = { ...config, vmgenid: newIdentity().vmgenid ?? '', parent: name };
    guest.pending = {};
    if (values.start === '1') await startGuest(cluster, guest, task);
  });
}

function remove(call: Call): string {
  const { cluster, node, vmid, path } = call;
  return begin(call, 'qmdelsnapshot', async () => {
    const guest = guestOn(cluster, node, vmid);
    const gone = findSnapshot(guest, path.snapname ?? '');
    checkLock(guest);
    for (const [, disk] of disksOf(cluster, { ...guest, config: gone.config })) {
      await cluster.engine.dropSnapshot(engineVolume(disk), gone.name);
    }
    guest.snapshots = guest.snapshots.filter((other) => other !== gone);
    for (const { config } of [...guest.snapshots, guest]) {
      if (config.parent !== gone.name) continue;
      if (gone.config.parent === undefined) delete config.parent;
      else config.parent = gone.config.parent;
    }
  });
}

function show({ cluster, node, vmid, path }: Call): unknown {
  const { name: _, config, ...facts } = findSnapshot(guestOn(cluster, node, vmid), path.snapname ?? '');
  const shownConfig = Object.entries(config).map(([key, value]) => [key, shown(key, value)] as const);
  return { ...Object.fromEntries(shownConfig), description: facts.description, snaptime: facts.snaptime };
}

function describe({ cluster, node, vmid, path, values }: Call): null {
  const guest = guestOn(cluster, node, vmid);
  checkLock(guest);
  findSnapshot(guest, path.snapname ?? '').description = values.description ?? '';
  cluster.file.save();
  return null;
}

function begin(call: Call, type: string, work: (task: Task) => Promise<void>): string {
  const { cluster, node, vmid, caller } = call;
  return cluster.tasks.start({ node, type, id: String(vmid), caller }, (task) =>
    withLock(cluster, vmid, task, async () => {
      await work(task);
      cluster.file.save();
    }),
  );
}

/** The disks that a snapshot is about: neither discs nor Proxmox's own cloud-init drive. */
function disksOf(cluster: Cluster, guest: Guest): [string, VolumeRecord][] {
  return drivesOf(guest.config).flatMap(([key, line]): [string, VolumeRecord][] => {
    const drive = readDrive(line);
    if (isCdrom(drive) || isCloudInit(drive) || !drive.file.includes(':')) return [];
    const record = findVolume(cluster.state, ownVolid(drive.file), guest.node);
    if (!record) throw died(`volume '${drive.file}' does not exist`);
    return [[key, record]];
  });
}
