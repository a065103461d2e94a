import { engineVolume, isCdrom, isCloudInit, ownVolid, readDrive } from '../drive.ts';
import { checkLock, drivesOf, guestOn, isRunning } from '../guests.ts';
import { askHa } from '../ha-power.ts';
import { flag, integer, oneOf, optional, text } from '../params.ts';
import { badParameters, died } from '../problem.ts';
import { type Call, perm, type Route } from '../route.ts';
import type { Guest, VolumeRecord } from '../state.ts';
import type { Task } from '../tasks.ts';
import { findVolume } from '../volumes.ts';
import { withLock } from './power.ts';

const path = '/nodes/{node}/qemu/{vmid}/migrate';
const access = perm('/vms/{vmid}', 'VM.Migrate');

/** A VM that is off goes to another node, with its local disks. A running one goes too where its disks are shared. */
export const migrateRoutes: readonly Route[] = [
  { method: 'GET', path, access, params: { target: optional(text()) }, run: precondition },
  {
    method: 'POST',
    path,
    access,
    params: {
      target: text(),
      online: optional(flag),
      force: optional(flag),
      bwlimit: optional(integer(0)),
      migration_network: optional(text()),
      migration_type: optional(oneOf('secure', 'insecure')),
      targetstorage: optional(text()),
      'with-local-disks': optional(flag),
    },
    run: migrate,
  },
];

function precondition(call: Call): unknown {
  const { cluster, node, vmid, values } = call;
  const guest = guestOn(cluster, node, vmid);
  const others = cluster.state.nodes.filter(({ name }) => name !== node).map(({ name }) => name);
  return {
    running: isRunning(cluster, guest) ? 1 : 0,
    local_disks: localDisks(call, guest).map(([key, volume, line]) => ({
      volid: volume.volid,
      size: volume.size,
      drivename: key,
      cdrom: isCdrom(readDrive(line)) ? 1 : 0,
      is_cloudinit: isCloudInit(readDrive(line)) ? 1 : 0,
      ...{ is_attached: 1, is_unused: 0, is_tpmstate: 0, is_vmstate: 0, shared: 0, replicate: 1 },
    })),
    local_resources: [],
    'mapped-resources': [],
    'mapped-resource-info': {},
    'has-dbus-vmstate': 1,
    allowed_nodes: values.target === undefined ? others : others.filter((name) => name === values.target),
    not_allowed_nodes: {},
  };
}

function migrate(call: Call): string {
  const { cluster, caller, node, vmid, values } = call;
  const { target = '' } = values;
  if (target === node) throw badParameters({ target: 'target is local node.' });
  const there = cluster.state.nodes.find(({ name }) => name === target);
  if (!there) throw died(`no such cluster node '${target}'`);
  const guest = guestOn(cluster, node, vmid);
  checkLock(guest);
  const running = isRunning(cluster, guest);
  if (running && values.online !== '1') throw badParameters({ online: `can't migrate running VM without --online` });
  const work = (task: Task) =>
    withLock(cluster, vmid, task, async () => {
      task.log(`starting migration of VM ${vmid} to node '${target}' (127.0.0.1)`);
      if (!there.online) return abort(task, "Can't connect to destination address using public key");
      const disks = localDisks(call, guest);
      const disc = disks.find(([, , line]) => isCdrom(readDrive(line)) && !isCloudInit(readDrive(line)));
      if (disc) return abort(task, `can't migrate local cdrom '${disc[1].volid}'`);
      if (running && disks.length > 0)
        return abort(task, "can't live migrate attached local disks without with-local-disks option");
      for (const [, volume] of disks) await carry(call, volume, target, task);
      guest.node = target;
      cluster.file.save();
      task.log('migration finished successfully (duration 00:00:01)');
    });
  if (guest.ha) return askHa(call, 'migrate', work);
  return cluster.tasks.start({ node, type: 'qmigrate', id: String(vmid), caller }, work);
}

function abort(task: Task, why: string): never {
  task.log(`ERROR: migration aborted (duration 00:00:00): ${why}`);
  throw new Error('migration aborted');
}

/** The disk's bytes on the other node, and no more on this one. */
async function carry({ cluster }: Call, volume: VolumeRecord, target: string, task: Task): Promise<void> {
  const copy: VolumeRecord = { ...volume, node: target };
  task.log(`copying local disk '${volume.volid}' (attached)`);
  if (!volume.volid.includes('-cloudinit.')) {
    await cluster.engine.copyDisk(engineVolume(volume), engineVolume(copy), () => {}, task.signal);
    await cluster.engine.removeVolume(engineVolume(volume));
  }
  cluster.state.volumes = cluster.state.volumes.map((other) => (other === volume ? copy : other));
}

function localDisks({ cluster, node }: Call, guest: Guest): [string, VolumeRecord, string][] {
  return drivesOf(guest.config).flatMap(([key, line]): [string, VolumeRecord, string][] => {
    const record = findVolume(cluster.state, ownVolid(readDrive(line).file), node);
    return record?.node === undefined ? [] : [[key, record, line]];
  });
}
