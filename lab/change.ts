import { allows, type Caller, isRoot, need, needAny } from './access.ts';
import type { Cluster } from './cluster.ts';
import { checkWish, type Making, makeDrive } from './disks.ts';
import { isCdrom, isCloudInit, ownVolid, readDrive, writeDrive } from './drive.ts';
import { bridgeOf, drivesOf, freeUnused, isRunning, withMac, withPending } from './guests.ts';
import { isDrive, optionOf } from './options.ts';
import { badParameters, died, forbidden } from './problem.ts';
import { checkWritable } from './quorum.ts';
import type { Guest } from './state.ts';
import { findVolume, removeVolume } from './volumes.ts';

/** What a config call asks for. */
export interface Change {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
  readonly revert: readonly string[];
  /** Remove the volume behind an `unused` entry or a removed drive as well. */
  readonly force: boolean;
}

/** The VM whose config changes; a VM that is being made takes its rights from its pool, and has no config yet. */
export interface VmInPool {
  readonly vmid: number;
  readonly pool: string | undefined;
  readonly config?: Readonly<Record<string, string>>;
}

/** Options that a running machine takes at once; the others wait until it is off. */
const atOnce =
  /^(name|description|tags|onboot|protection|startup|lock|shares|hookscript|unused\d+|ci.*|sshkeys|nameserver|searchdomain|ipconfig\d+)$/;
const hotPlugged = /^(net\d+|scsi\d+|virtio\d+|usb\d+)$/;

/** Checks what can be checked before anything is touched: rights per option, root-only options, storages, clashes. */
export function checkChange(cluster: Cluster, caller: Caller, of: VmInPool, change: Change): void {
  for (const name of change.remove) {
    if (!optionOf(name)) throw badParameters({ delete: `unknown option '${name}'` });
    if (change.set[name] !== undefined) {
      throw badParameters({ delete: `you can't use '-${name}' and -delete ${name}' at the same time` });
    }
  }
  for (const name of [...Object.keys(change.set), ...change.remove])
    checkRight(cluster, caller, of, name, change.set[name]);
  for (const [name, line] of Object.entries(change.set)) {
    if (isDrive(name)) checkDrive(cluster, caller, line);
    if (/^net\d+$/.test(name)) checkBridge(cluster, caller, line);
  }
}

function checkDrive(cluster: Cluster, caller: Caller, line: string): void {
  checkWish(cluster, line);
  const drive = readDrive(line);
  const storage = drive.file.includes(':') ? drive.file.slice(0, drive.file.indexOf(':')) : undefined;
  if (storage === undefined) return;
  if (isCdrom(drive))
    needAny(cluster.state, caller, `/storage/${storage}`, 'Datastore.Audit', 'Datastore.AllocateSpace');
  else need(cluster.state, caller, `/storage/${storage}`, 'Datastore.AllocateSpace');
}

/** A VM may only use a bridge on which its maker has `SDN.Use`. */
export function checkBridge(cluster: Cluster, caller: Caller, line: string): void {
  const bridge = bridgeOf(line);
  if (bridge !== undefined) need(cluster.state, caller, `/sdn/zones/localnetwork/${bridge}`, 'SDN.Use');
}

function checkRight(cluster: Cluster, caller: Caller, of: VmInPool, name: string, value: string | undefined): void {
  if (isRoot(caller)) return;
  const privilege = optionOf(name)?.privilege ?? 'VM.Config.Options';
  if (privilege === 'root') throw died(`only root can set '${name}' config`);
  if (/^hostpci\d+$/.test(name)) throw died(`only root can set '${name}' config for non-mapped devices`);
  if (/^serial\d+$/.test(name) && value?.startsWith('/dev/'))
    throw died(`only root can set '${name}' config for real devices`);
  if (name === 'startup') need(cluster.state, caller, '/', 'Sys.Modify');
  if (isDrive(name)) {
    // Of a new VM's drives only their storages are asked.
    if (of.config === undefined) return;
    for (const line of [of.config[name], value]) if (line !== undefined) checkDriveRight(cluster, caller, of, line);
  } else needOnVm(cluster, caller, of, ...(privilege === 'VM.Config.Cloudinit' ? cloudInitRights : [privilege]));
}

/** Either is enough to say what cloud-init is told. */
const cloudInitRights = ['VM.Config.Cloudinit', 'VM.Config.Network'];

/** What is taken out counts as well as what is put in. A cloud-init drive takes two privileges. */
function checkDriveRight(cluster: Cluster, caller: Caller, of: VmInPool, line: string): void {
  const drive = readDrive(line);
  if (!isCdrom(drive) && !isCloudInit(drive)) {
    needOnVm(cluster, caller, of, 'VM.Config.Disk');
    return;
  }
  if (isCloudInit(drive)) needOnVm(cluster, caller, of, 'VM.Config.Cloudinit');
  needOnVm(cluster, caller, of, 'VM.Config.CDROM');
}

/** One of these on the VM, or on the pool that it is in or comes into. */
function needOnVm(cluster: Cluster, caller: Caller, of: VmInPool, ...enough: readonly string[]): void {
  const has = (one: string) =>
    allows(cluster.state, caller, `/vms/${of.vmid}`, one) ||
    (of.pool !== undefined && allows(cluster.state, caller, `/pool/${of.pool}`, one));
  if (!enough.some(has)) throw forbidden(`/vms/${of.vmid}, ${enough.join('|')}`);
}

/** Carries a change out on a VM whose lock the caller holds. */
export async function applyChange(cluster: Cluster, guest: Guest, change: Change, making: Making): Promise<void> {
  checkWritable(cluster, guest.node, guest.vmid);
  const running = isRunning(cluster, guest);
  const before = { ...guest.config };
  for (const name of change.revert) delete guest.pending[name];
  for (const name of change.remove) await removeOption(cluster, guest, name, running, change.force);
  if (change.set.boot !== undefined) checkBootOrder({ ...withPending(guest), ...change.set }, change.set.boot);
  for (const [name, value] of Object.entries(change.set)) await setOption(cluster, guest, name, value, running, making);
  keepNewDiscsBootable(guest, before);
  cluster.file.save();
}

async function setOption(
  cluster: Cluster,
  guest: Guest,
  name: string,
  value: string,
  running: boolean,
  making: Making,
): Promise<void> {
  const line = isDrive(name) ? await makeDrive(cluster, guest, name, value, making) : finished(name, value, guest);
  if (isDrive(name)) keepReplacedDisk(guest, name);
  const discChanged = isDrive(name) && isCdrom(readDrive(line)) && guest.config[name] !== undefined;
  if (running && !atOnce.test(name) && !hotPlugged.test(name) && !discChanged) guest.pending[name] = line;
  else {
    guest.config[name] = line;
    delete guest.pending[name];
  }
}

/** The value as the config keeps it. */
function finished(name: string, value: string, guest: Guest): string {
  if (name === 'tags') return normalTags(value);
  if (!/^net\d+$/.test(name)) return value;
  // A network line without an address keeps the one that the card had.
  const had = /=([0-9A-F]{2}(:[0-9A-F]{2}){5})/i.exec(guest.config[name] ?? '')?.[1];
  const has = /([0-9A-F]{2}(:[0-9A-F]{2}){5})/i.test(value);
  return withMac(had !== undefined && !has ? `${value},macaddr=${had}` : value);
}

/** Lower case, sorted, without doubles, joined by `;`. */
export function normalTags(value: string): string {
  const tags = value.toLowerCase().split(/[\s,;]+/);
  return [...new Set(tags.filter((tag) => tag !== ''))].sort().join(';');
}

async function removeOption(
  cluster: Cluster,
  guest: Guest,
  name: string,
  running: boolean,
  force: boolean,
): Promise<void> {
  delete guest.pending[name];
  const line = guest.config[name];
  if (line === undefined) return;
  if (isDrive(name) && guest.config.protection === '1')
    throw died(`can't remove drive '${name}' - protection mode enabled`);
  if (running && !atOnce.test(name) && !hotPlugged.test(name)) {
    guest.pending[name] = null;
    return;
  }
  delete guest.config[name];
  if (/^unused\d+$/.test(name) || (force && isDrive(name))) await removeBehind(cluster, guest, line);
  else if (isDrive(name)) await setAside(cluster, guest, line);
  const order = guest.config.boot
    ?.replace('order=', '')
    .split(';')
    .filter((device) => device !== name);
  if (order) guest.config.boot = `order=${order.join(';')}`;
}

async function removeBehind(cluster: Cluster, guest: Guest, line: string): Promise<void> {
  const record = findVolume(cluster.state, ownVolid(readDrive(line).file), guest.node);
  if (record?.vmid === guest.vmid) await removeVolume(cluster, record);
}

/** A removed disk stays as `unusedN`; a cloud-init drive goes, a disc is only let go. */
async function setAside(cluster: Cluster, guest: Guest, line: string): Promise<void> {
  const drive = readDrive(line);
  if (isCloudInit(drive)) await removeBehind(cluster, guest, line);
  else if (!isCdrom(drive)) guest.config[freeUnused(guest)] = drive.file;
}

function keepReplacedDisk(guest: Guest, name: string): void {
  const line = guest.config[name];
  if (line === undefined || isCdrom(readDrive(line))) return;
  guest.config[freeUnused(guest)] = readDrive(line).file;
}

function checkBootOrder(config: Readonly<Record<string, string>>, value: string): void {
  for (const device of value.replace('order=', '').split(';')) {
    if (value.startsWith('order=') && device !== '' && config[device] === undefined) {
      throw died(`invalid bootorder: device '${device}' does not exist'`);
    }
  }
}

/** A new CD drive is put at the end of the order that was, and so a `boot` in the same call is lost. */
function keepNewDiscsBootable(guest: Guest, before: Readonly<Record<string, string>>): void {
  const discs = drivesOf(guest.config).filter(([name, line]) => before[name] === undefined && isCdrom(readDrive(line)));
  if (discs.length === 0 || before.boot === undefined) return;
  guest.config.boot = [before.boot, ...discs.map(([name]) => name)].join(';');
}

/** The drive line with another volume behind it. */
export function withFile(line: string, file: string, options: Record<string, string> = {}): string {
  const drive = readDrive(line);
  return writeDrive({ file, options: { ...drive.options, ...options } });
}
