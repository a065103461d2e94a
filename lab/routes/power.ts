import { isRoot, root } from '../access.ts';
import type { Cluster } from '../cluster.ts';
import { isCloudInit, readDrive } from '../drive.ts';
import {
  applyPending,
  bridgeOf,
  checkLock,
  drivesOf,
  findGuest,
  guestFileOn,
  guestOn,
  isRunning,
  isTemplate,
  machineOf,
} from '../guests.ts';
import { askHa } from '../ha-power.ts';
import { flag, integer, optional, text } from '../params.ts';
import { badParameters, died } from '../problem.ts';
import { readProperties } from '../property.ts';
import { type Call, perm, type Route } from '../route.ts';
import { cpusOf, statusRow } from '../rows.ts';
import type { Guest } from '../state.ts';
import type { Task } from '../tasks.ts';
import { checkSnippets } from './config.ts';

const base = '/nodes/{node}/qemu/{vmid}/status';
const access = perm('/vms/{vmid}', 'VM.PowerMgmt');
const wait = { timeout: optional(integer(0)) };
const skip = { skiplock: optional(flag) };

export const powerRoutes: readonly Route[] = [
  { method: 'GET', path: `${base}/current`, access: perm('/vms/{vmid}', 'VM.Audit'), params: {}, run: current },
  {
    method: 'POST',
    path: `${base}/start`,
    access,
    params: { ...wait, ...skip, machine: optional(text()) },
    run: start,
  },
  {
    method: 'POST',
    path: `${base}/stop`,
    access,
    params: { ...wait, ...skip, keepActive: optional(flag), 'overrule-shutdown': optional(flag) },
    run: stop,
  },
  {
    method: 'POST',
    path: `${base}/shutdown`,
    access,
    params: { ...wait, ...skip, keepActive: optional(flag), forceStop: optional(flag) },
    run: shutdown,
  },
  { method: 'POST', path: `${base}/reboot`, access, params: wait, run: reboot },
  { method: 'POST', path: `${base}/reset`, access, params: skip, run: reset },
  { method: 'POST', path: `${base}/suspend`, access, params: { ...skip, todisk: optional(flag) }, run: suspend },
  { method: 'POST', path: `${base}/resume`, access, params: { ...skip, nocheck: optional(flag) }, run: resume },
];

function current({ cluster, node, vmid }: Call): unknown {
  const guest = guestOn(cluster, node, vmid);
  const power = cluster.engine.power(vmid);
  const diskRead = cluster.engine.process(vmid)?.diskRead;
  const agent = readProperties(guest.config.agent ?? '0', 'enabled').enabled === '1';
  return {
    ...statusRow(cluster, guest),
    qmpstatus: power,
    ...(diskRead === undefined ? {} : { diskread: diskRead }),
    ha: { managed: guest.ha ? 1 : 0 },
    clipboard: null,
    ...(agent ? { agent: 1 } : {}),
    ...(power === 'stopped' ? {} : { nics: nicsOf(guest) }),
    ...(power === 'stopped' ? {} : { 'running-machine': 'pc-i440fx-9.2', 'running-qemu': '9.2.0' }),
  };
}

/** The cards' counters, by the names that they have on the node. */
function nicsOf({ vmid, config }: Guest): Record<string, unknown> {
  const cards = Object.keys(config).filter((key) => /^net\d+$/.test(key));
  return Object.fromEntries(cards.map((key) => [`tap${vmid}i${key.slice(3)}`, { netin: 0, netout: 0 }]));
}

function start(call: Call): string {
  const { cluster, node, vmid } = call;
  const work = (task: Task) => startGuest(cluster, guestOn(cluster, node, vmid), task);
  checkSkipLock(call);
  if (findGuest(cluster, vmid)?.ha)
    return askHa(call, 'start', (task) => withLock(cluster, vmid, task, () => work(task)));
  return begin(call, 'qmstart', work);
}

/** What a `qmstart` task does once it holds the VM's lock. */
export async function startGuest(cluster: Cluster, guest: Guest, task: Task): Promise<void> {
  checkLock(guest);
  if (isTemplate(guest)) throw died("you can't start a vm if it's a template");
  if (isRunning(cluster, guest)) throw died(`VM ${guest.vmid} already running`);
  applyPending(guest);
  checkSnippets(cluster, guest);
  checkKvm(cluster, guest);
  checkCpus(cluster, guest);
  const machine = machineOf(cluster, guest);
  if (drivesOf(guest.config).some(([, line]) => isCloudInit(readDrive(line)))) task.log('generating cloud-init ISO');
  checkBridges(cluster, guest, task);
  await cluster.engine.start(machine, task.signal).catch((error: Error) => {
    throw new Error(`start failed: ${error.message}`, { cause: error });
  });
  cluster.file.save();
}

function checkKvm({ state }: Cluster, { node, config }: Guest): void {
  const has = state.nodes.find(({ name }) => name === node)?.kvm ?? true;
  if (has || config.kvm === '0') return;
  throw died('KVM virtualisation configured, but not available. Either disable in VM configuration or enable in BIOS.');
}

function checkCpus({ state }: Cluster, { node, config }: Guest): void {
  const most = state.nodes.find(({ name }) => name === node)?.cpus ?? 1;
  if (cpusOf(config) > most) throw died(`MAX ${most} vcpus allowed per VM on this node`);
}

function checkBridges(cluster: Cluster, guest: Guest, task: Task): void {
  const known = cluster.state.nodes.find((node) => node.name === guest.node)?.bridges ?? [];
  const bridges = Object.entries(guest.config)
    .filter(([key]) => /^net\d+$/.test(key))
    .map(([, line]) => bridgeOf(line));
  const missing = bridges.find((bridge) => bridge !== undefined && !known.includes(bridge));
  if (missing === undefined) return;
  if (cluster.settings.profile !== '8.4') throw died(`bridge '${missing}' does not exist`);
  task.log(`bridge '${missing}' does not exist`);
  throw died('start failed: QEMU exited with code 1');
}

function stop(call: Call): string {
  const { cluster, node, vmid, caller, values } = call;
  checkSkipLock(call);
  const pull = async () => {
    guestFileOn(cluster, node, vmid);
    await cluster.engine.stop(vmid);
  };
  if (findGuest(cluster, vmid)?.ha) return askHa(call, 'stop', (task) => withLock(cluster, vmid, task, pull));
  const overruled = cluster.tasks
    .all()
    .filter((task) => task.type === 'qmshutdown' && task.id === String(vmid) && task.exitstatus === undefined);
  return cluster.tasks.start({ node, type: 'qmstop', id: String(vmid), caller }, async (task) => {
    if (values['overrule-shutdown'] === '1') await Promise.all(overruled.map(({ upid }) => cluster.tasks.stop(upid)));
    await withLock(cluster, vmid, task, pull);
  });
}

function shutdown(call: Call): string {
  const { cluster, node, vmid, values } = call;
  const work = async (task: Task) => {
    const guest = guestFileOn(cluster, node, vmid);
    if (!isRunning(cluster, guest)) return;
    await powerDown(cluster, vmid, Number(values.timeout ?? 180) * cluster.settings.secondMs, task).catch(
      async (error: Error) => {
        if (values.forceStop !== '1' || task.signal.aborted) throw error;
        task.log('VM quit/powerdown failed - terminating now with SIGTERM');
        await cluster.engine.stop(vmid);
      },
    );
  };
  if (findGuest(cluster, vmid)?.ha)
    return askHa(call, 'stop', (task) => withLock(cluster, vmid, task, () => work(task)));
  return begin(call, 'qmshutdown', work);
}

/** The guest's shutdown, given up when the task is killed. */
async function powerDown(cluster: Cluster, vmid: number, timeoutMs: number, task: Task): Promise<void> {
  const killed = Promise.withResolvers<never>();
  task.signal.addEventListener('abort', () => killed.reject(new Error('received interrupt')), { once: true });
  await Promise.race([cluster.engine.shutdown(vmid, timeoutMs), killed.promise]);
}

function reboot(call: Call): string {
  const { cluster, node, vmid, values } = call;
  mustRun(call);
  return begin(call, 'qmreboot', async (task) => {
    await powerDown(cluster, vmid, Number(values.timeout ?? 180) * cluster.settings.secondMs, task);
    // The task ends while the VM is off; qmeventd starts it a little later, as root.
    setTimeout(() => {
      cluster.tasks.start({ node, type: 'qmstart', id: String(vmid), caller: root }, (next) =>
        withLock(cluster, vmid, next, () => startGuest(cluster, guestOn(cluster, node, vmid), next)),
      );
    }, cluster.settings.rebootGapMs).unref();
  });
}

function reset(call: Call): string {
  mustRun(call);
  return begin(call, 'qmreset', () => call.cluster.engine.reset(call.vmid));
}

function suspend(call: Call): string {
  mustRun(call);
  return begin(call, 'qmpause', () => call.cluster.engine.pause(call.vmid, true));
}

function resume(call: Call): string {
  mustRun(call);
  return begin(call, 'qmresume', () => call.cluster.engine.pause(call.vmid, false));
}

/** Reboot, reset and their like look before they begin a task. */
function mustRun({ cluster, node, vmid }: Call): void {
  if (!isRunning(cluster, guestOn(cluster, node, vmid))) throw died(`VM ${vmid} not running`);
}

function begin(call: Call, type: string, work: (task: Task) => Promise<void>): string {
  const { cluster, node, vmid, caller } = call;
  checkSkipLock(call);
  return cluster.tasks.start({ node, type, id: String(vmid), caller }, (task) =>
    withLock(cluster, vmid, task, () => work(task)),
  );
}

/** The lock with what a task's log says about it. */
export function withLock<T>(cluster: Cluster, vmid: number, task: Task, work: () => Promise<T>): Promise<T> {
  const onWait = () => task.log('trying to acquire lock...');
  return cluster.locks.hold(vmid, work, { onWait, onGot: () => task.log(' OK') });
}

function checkSkipLock({ caller, values }: Call): void {
  if (values.skiplock === '1' && !isRoot(caller)) throw badParameters({ skiplock: 'Only root may use this option.' });
}
