import { need } from '../access.ts';
import { withFile } from '../change.ts';
import { transferLog } from '../disks.ts';
import { engineVolume, isCdrom, isCloudInit, ownVolid, readDrive } from '../drive.ts';
import { checkLock, freeUnused, guestOn } from '../guests.ts';
import { digest, flag, integer, oneOf, optional, storageId, vmid } from '../params.ts';
import { badParameters, died } from '../problem.ts';
import { type Call, perm, type Route } from '../route.ts';
import type { Task } from '../tasks.ts';
import { enabledStorage, findVolume, formattingLine, nextDiskVolid, recordVolume, removeVolume } from '../volumes.ts';
import { diskNames } from './disks.ts';
import { withLock } from './power.ts';

/** A disk goes to another storage, or gets another format. To another VM it does not go in the lab. */
export const moveDiskRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/move_disk',
    access: perm('/vms/{vmid}', 'VM.Config.Disk'),
    params: {
      disk: oneOf(...diskNames),
      storage: optional(storageId),
      format: optional(oneOf('raw', 'qcow2', 'vmdk')),
      delete: optional(flag),
      digest: optional(digest),
      bwlimit: optional(integer(0)),
      'target-vmid': optional(vmid),
      'target-disk': optional(oneOf(...diskNames)),
      'target-digest': optional(digest),
    },
    run: move,
  },
];

function move(call: Call): string {
  const { cluster, caller, node, vmid: id, values } = call;
  if (values['target-vmid'] !== undefined) throw died('the lab moves no disk to another VM');
  if (values.storage === undefined) {
    throw badParameters({ storage: "Either set 'storage' to move disk to another storage, or 'target-vmid'." });
  }
  need(cluster.state, caller, `/storage/${values.storage}`, 'Datastore.AllocateSpace');
  const guest = guestOn(cluster, node, id);
  checkLock(guest);
  const { disk = '', format } = values;
  const line = guest.config[disk];
  if (line === undefined) throw died(`disk '${disk}' does not exist`);
  const drive = readDrive(line);
  if (isCdrom(drive) && !isCloudInit(drive)) throw died("you can't move a cdrom");
  const from = findVolume(cluster.state, ownVolid(drive.file), node);
  if (!from) throw died(`volume '${drive.file}' does not exist`);
  const storage = enabledStorage(cluster.state, values.storage);
  if (from.storage === storage.storage && (format ?? from.format) === from.format) {
    throw died("you can't move to the same storage with same format");
  }
  if (guest.snapshots.length > 0 && values.delete === '1') {
    throw died("you can't move a disk with snapshots and delete the source");
  }
  return cluster.tasks.start({ node, type: 'qmmove', id: String(id), caller }, (task) =>
    withLock(cluster, id, task, () => copy(task)),
  );

  async function copy(task: Task): Promise<void> {
    task.log(`create full clone of drive ${disk} (${drive.file})`);
    const kind = format ?? from?.format ?? 'qcow2';
    const volid = nextDiskVolid(cluster, storage, node, id, kind);
    const { size = 0, used = 0 } = from ?? {};
    const to = recordVolume(cluster, { volid, storage, node, content: 'images', format: kind, size, used, vmid: id });
    task.log(formattingLine(cluster.state, to));
    try {
      if (from)
        await cluster.engine.copyDisk(engineVolume(from), engineVolume(to), transferLog(size, task.log), task.signal);
    } catch (error) {
      await removeVolume(cluster, to);
      throw new Error(`storage migration failed: ${(error as Error).message}`, { cause: error });
    }
    guest.config[disk] = withFile(line ?? '', volid);
    if (from && values.delete === '1') await removeVolume(cluster, from);
    else guest.config[freeUnused(guest)] = drive.file;
    cluster.file.save();
  }
}
