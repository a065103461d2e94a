import { need } from '../access.ts';
import { checkBridge } from '../change.ts';
import type { Cluster } from '../cluster.ts';
import { transferLog } from '../disks.ts';
import {
  type Drive,
  engineVolume,
  isCdrom,
  isCloudInit,
  ownVolid,
  readDrive,
  storageOf,
  writeDrive,
} from '../drive.ts';
import {
  checkLock,
  drivesOf,
  findGuest,
  findSnapshot,
  guestFileOn,
  isNumberUsed,
  isTemplate,
  newGuest,
  newIdentity,
  withMac,
} from '../guests.ts';
import { dnsName, flag, integer, oneOf, optional, text, upTo, vmid } from '../params.ts';
import { died } from '../problem.ts';
import { writeSize } from '../property.ts';
import { type Call, perm, permAllocate, type Route } from '../route.ts';
import type { Guest, StorageSpec, VolumeRecord } from '../state.ts';
import { type Task, wasKilled } from '../tasks.ts';
import { findStorage, findVolume, formattingLine, nextDiskVolid, recordVolume, removeVolume } from '../volumes.ts';
import { checkPool, forget, onSharedStorage } from './guests.ts';
import { withLock } from './power.ts';

export const cloneRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/clone',
    access: (call) => {
      perm('/vms/{vmid}', 'VM.Clone')(call);
      permAllocate('newid')(call);
    },
    params: {
      newid: vmid,
      bwlimit: optional(integer(0)),
      description: optional(text()),
      format: optional(oneOf('raw', 'qcow2', 'vmdk')),
      full: optional(flag),
      name: optional(dnsName),
      pool: optional(text()),
      snapname: optional(upTo(40)),
      storage: optional(text()),
      target: optional(text()),
    },
    run: clone,
  },
];

/** A clone as it was asked for, after all checks. */
interface Plan {
  readonly source: Guest;
  /** The config that is cloned: the VM's own, or that of its snapshot. */
  readonly from: Readonly<Record<string, string>>;
  readonly snapshot: string | undefined;
  readonly newid: number;
  readonly target: string;
  readonly linked: boolean;
  /** Where full copies go; undefined = where the source lies. */
  readonly storage: StorageSpec | undefined;
  readonly format: string | undefined;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly pool: string | undefined;
}

function clone(call: Call): string {
  const { cluster, caller, node, vmid: sourceId } = call;
  const plan = readPlan(call);
  return cluster.tasks.start({ node, type: 'qmclone', id: String(sourceId), caller }, (task) =>
    withLock(cluster, plan.newid, task, () => cloneGuest(cluster, plan, task)),
  );
}

/** Everything that Proxmox finds wrong before it begins the task. */
function readPlan({ cluster, caller, node, vmid: sourceId, values }: Call): Plan {
  const newid = Number(values.newid);
  if (values.pool !== undefined) checkPool(cluster, values.pool);
  const target = values.target ?? node;
  if (!cluster.state.nodes.some((candidate) => candidate.name === target))
    throw died(`no such cluster node '${target}'`);
  const storage = values.storage === undefined ? undefined : findStorage(cluster.state, values.storage);
  if (storage && target !== node && !storage.shared)
    throw died(`can't clone to non-shared storage '${storage.storage}'`);
  const source = guestFileOn(cluster, node, sourceId);
  checkLock(source);
  const full = values.full === undefined ? !isTemplate(source) : values.full === '1';
  const { snapname: snapshot } = values;
  const from = snapshot === undefined ? source.config : findSnapshot(source, snapshot).config;
  if (!full && storage) throw died(`parameter 'storage' not allowed for linked clones`);
  if (!full && values.format !== undefined) throw died(`parameter 'format' not allowed for linked clones`);
  if (target !== node && !onSharedStorage(cluster, source)) {
    throw died(`can't clone VM to node '${target}' (VM uses local storage)`);
  }
  checkNumber(cluster, newid, node);
  for (const [key, line] of drivesOf(from)) {
    const drive = readDrive(line);
    if (isCdrom(drive) && !isCloudInit(drive)) continue;
    const isBase = /\/base-/.test(ownVolid(drive.file));
    if (!full && !isCloudInit(drive) && !isBase)
      throw died(`Linked clone feature is not supported for '${drive.file}' (${key})`);
    need(cluster.state, caller, `/storage/${storage?.storage ?? storageOf(drive.file)}`, 'Datastore.AllocateSpace');
  }
  for (const [key, line] of Object.entries(from)) if (/^net\d+$/.test(key)) checkBridge(cluster, caller, line);
  const { format, name, description, pool } = values;
  return { source, from, snapshot, newid, target, linked: !full, storage, format, name, description, pool };
}

/** It looks for the file of a VM on its own node; of whatever else has the number, the cluster's file system tells. */
function checkNumber(cluster: Cluster, vmid: number, node: string): void {
  if (findGuest(cluster, vmid)?.node === node) throw died(`unable to create VM ${vmid}: config file already exists`);
  if (!isNumberUsed(cluster, vmid)) return;
  throw died(`close (rename) atomic file '/etc/pve/nodes/${node}/qemu-server/${vmid}.conf' failed: File exists`);
}

async function cloneGuest(cluster: Cluster, plan: Plan, task: Task): Promise<void> {
  const { source, newid } = plan;
  checkNumber(cluster, newid, source.node);
  const guest = newGuest(newid, source.node, { lock: 'clone' }, plan.pool);
  cluster.state.guests.push(guest);
  cluster.file.save();
  if (cluster.settings.profile !== '8.4') task.log(`creating a clone of VM ${source.vmid} with ID ${newid}`);
  const config = cloneConfig(plan);
  // The description is there from the start, so that a half-made clone already says whose it is.
  guest.config = { ...config, lock: 'clone' };
  for (const [key] of drivesOf(guest.config)) delete guest.config[key];
  const made: VolumeRecord[] = [];
  try {
    for (const [key, line] of drivesOf(plan.from).sort(([one], [other]) => one.localeCompare(other))) {
      config[key] = await cloneDrive(cluster, plan, key, readDrive(line), made, task);
    }
    task.signal.throwIfAborted();
    guest.config = config;
    guest.node = plan.target;
    cluster.file.save();
  } catch (error) {
    if (wasKilled(task.signal)) throw error;
    for (const volume of made) await removeVolume(cluster, volume);
    forget(cluster, guest);
    throw new Error(`clone failed: ${(error as Error).message}`, { cause: error });
  }
}

function cloneConfig(plan: Plan): Record<string, string> {
  const { source } = plan;
  const config: Record<string, string> = {};
  for (const [key, value] of Object.entries(plan.from)) {
    if (/^unused\d+$|^template$|^lock$|^protection$|^parent$/.test(key)) continue;
    config[key] = /^net\d+$/.test(key) ? withMac(value, true) : value;
  }
  const name = plan.name ?? `Copy-of-VM-${source.config.name ?? source.vmid}`;
  const description = plan.description === undefined ? {} : { description: plan.description };
  return { ...config, ...newIdentity(), name, ...description };
}

async function cloneDrive(
  cluster: Cluster,
  plan: Plan,
  key: string,
  drive: Drive,
  made: VolumeRecord[],
  task: Task,
): Promise<string> {
  if (isCdrom(drive) && !isCloudInit(drive)) return writeDrive(drive);
  if (!drive.file.includes(':')) return writeDrive(drive);
  const from = findVolume(cluster.state, ownVolid(drive.file), plan.source.node);
  if (!from) throw died(`volume '${drive.file}' does not exist`);
  const cloudInit = isCloudInit(drive);
  const linked = plan.linked && !cloudInit;
  const storage = (linked ? undefined : plan.storage) ?? findStorage(cluster.state, from.storage);
  const format = linked || cloudInit ? 'qcow2' : (plan.format ?? from.format);
  const volid = cloudInit
    ? `${storage.storage}:${plan.newid}/vm-${plan.newid}-cloudinit.qcow2`
    : nextDiskVolid(cluster, storage, plan.source.node, plan.newid, format);
  const common = {
    volid,
    storage,
    node: plan.source.node,
    content: 'images',
    format,
    size: from.size,
    vmid: plan.newid,
  };
  task.log(`create ${linked ? 'linked' : 'full'} clone of drive ${key} (${drive.file})`);
  const to = recordVolume(
    cluster,
    linked ? { ...common, parent: from.volid, used: 200_704 } : { ...common, used: from.used },
  );
  made.push(to);
  task.log(formattingLine(cluster.state, to));
  if (linked) await cluster.engine.linkDisk(engineVolume(from), engineVolume(to));
  else if (!cloudInit) {
    const progress = transferLog(from.size, task.log);
    progress(0);
    await cluster.engine.copyDisk(
      { ...engineVolume(from), snapshot: plan.snapshot },
      engineVolume(to),
      progress,
      task.signal,
    );
    progress(1);
  }
  const file = linked ? `${from.volid}/${volid.slice(volid.indexOf(':') + 1)}` : volid;
  return writeDrive({ file, options: { ...drive.options, size: writeSize(to.size) } });
}
