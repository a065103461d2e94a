import { withFile } from '../change.ts';
import type { Cluster } from '../cluster.ts';
import { engineVolume, isCdrom, isCloudInit, ownVolid, readDrive } from '../drive.ts';
import { checkLock, drivesOf, guestOn, isRunning, isTemplate } from '../guests.ts';
import { isDrive } from '../options.ts';
import { digest, flag, oneOf, optional, text } from '../params.ts';
import { died } from '../problem.ts';
import { readSize, writeSize } from '../property.ts';
import { type Call, perm, type Route } from '../route.ts';
import type { Guest } from '../state.ts';
import { findVolume } from '../volumes.ts';
import { resizeSize } from './config.ts';
import { withLock } from './power.ts';

const numbered = (kind: string, count: number) => Array.from({ length: count }, (_, number) => `${kind}${number}`);
/** Every key that a disk can have in a config. */
export const diskNames = [
  ...numbered('ide', 4),
  ...numbered('scsi', 31),
  ...numbered('virtio', 16),
  ...numbered('sata', 6),
  'efidisk0',
  'tpmstate0',
];

export const diskRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path: '/nodes/{node}/qemu/{vmid}/resize',
    access: perm('/vms/{vmid}', 'VM.Config.Disk'),
    params: { disk: oneOf(...diskNames), size: resizeSize, digest: optional(digest), skiplock: optional(flag) },
    run: resize,
  },
  {
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/template',
    access: perm('/vms/{vmid}', 'VM.Allocate'),
    params: { disk: optional(oneOf(...diskNames)) },
    run: makeTemplate,
  },
  {
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/feature',
    access: perm('/vms/{vmid}', 'VM.Audit'),
    params: { feature: oneOf('snapshot', 'clone', 'copy'), snapname: optional(text()) },
    run: feature,
  },
];

function resize(call: Call): string {
  const { cluster, node, vmid, caller, values } = call;
  const disk = values.disk ?? '';
  const size = values.size ?? '';
  return cluster.tasks.start({ node, type: 'resize', id: String(vmid), caller }, (task) =>
    withLock(cluster, vmid, task, async () => {
      const guest = guestOn(cluster, node, vmid);
      checkLock(guest);
      if (await resizeGuestDisk(cluster, guest, disk, size)) task.log('Image resized.');
    }),
  );
}

/** `+1G` adds, `10G` is the new size; the same size is fine, a smaller one is not. False when there was nothing to do. */
async function resizeGuestDisk(cluster: Cluster, guest: Guest, disk: string, size: string): Promise<boolean> {
  const line = guest.config[disk];
  if (line === undefined) throw died(`disk '${disk}' does not exist`);
  const drive = readDrive(line);
  if (isCdrom(drive)) throw died("you can't resize a cdrom");
  const record = findVolume(cluster.state, ownVolid(drive.file), guest.node);
  if (!record) throw died(`Could not open volume '${drive.file}': No such file or directory`);
  const asked = readSize(size) ?? 0;
  const wanted = size.startsWith('+') ? record.size + asked : asked;
  if (wanted < record.size) throw died('shrinking disks is not supported');
  if (wanted === record.size) return false;
  await cluster.engine.resizeDisk(engineVolume(record), wanted);
  record.size = wanted;
  guest.config[disk] = withFile(line, drive.file, { size: writeSize(wanted) });
  cluster.file.save();
  return true;
}

function makeTemplate(call: Call): string {
  const { cluster, node, vmid, caller } = call;
  const guest = guestOn(cluster, node, vmid);
  checkLock(guest);
  if (isTemplate(guest)) throw died("you can't convert a template to a template");
  if (guest.snapshots.length > 0) throw died('unable to create template, because VM contains snapshots');
  if (isRunning(cluster, guest)) throw died("you can't convert a VM to template if VM is running");
  return cluster.tasks.start({ node, type: 'qmtemplate', id: String(vmid), caller }, (task) =>
    withLock(cluster, vmid, task, async () => {
      checkLock(guest);
      for (const [key, line] of drivesOf(guest.config)) await toBase(cluster, guest, key, line);
      guest.config.template = '1';
      cluster.file.save();
    }),
  );
}

/** The disk's volume becomes `base-…`, which linked clones can stand on. */
async function toBase(cluster: Cluster, guest: Guest, key: string, line: string): Promise<void> {
  const drive = readDrive(line);
  if (!isDrive(key) || isCdrom(drive) || isCloudInit(drive)) return;
  const record = findVolume(cluster.state, ownVolid(drive.file), guest.node);
  if (!record) throw died(`volume '${drive.file}' does not exist`);
  const base = { ...record, volid: record.volid.replace('/vm-', '/base-') };
  await cluster.engine.renameDisk(engineVolume(record), engineVolume(base));
  cluster.state.volumes = cluster.state.volumes.map((volume) => (volume === record ? base : volume));
  guest.config[key] = withFile(line, base.volid);
}

function feature({ cluster, node, vmid, values }: Call): unknown {
  const guest = guestOn(cluster, node, vmid);
  const shared = drivesOf(guest.config).every(([, line]) => {
    const { file } = readDrive(line);
    return !file.includes(':') || findVolume(cluster.state, ownVolid(file), node)?.node === undefined;
  });
  const nodes = shared ? cluster.state.nodes.map(({ name }) => name) : [node];
  const has = values.feature === 'clone' ? isTemplate(guest) : values.feature === 'copy' || !isTemplate(guest);
  return has ? { hasFeature: 1, nodes } : { hasFeature: 0 };
}
