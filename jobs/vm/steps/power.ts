import { poll } from '#base/poll.ts';
import type { Step } from '#jobs/engine/step.ts';
import type { World } from '#jobs/engine/world.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { notThere } from '#proxmox/missing.ts';
import { requireOurs } from '#proxmox/ownership.ts';
import { isLeftToHa } from '#proxmox/tasks.ts';
import { readStatus, shutdownVm, startVm, stopVm } from '#proxmox/vms.ts';
import { runTask } from '../../task.ts';
import { atItsNode, type Located, requireMeant } from './at-its-node.ts';
import { endPowerTasks, tellWhenSlow } from './end-power-tasks.ts';
import { isGone, isMissing, withUuid } from './gone.ts';
import { hopeless } from './watch.ts';

export type Machine = Located & { readonly name: string };

/** Starts a VM. What counts is that it runs: the task may fail and the VM come up all the same, and HA starts it later than its task ends. */
export const bootVm: Step<Machine, null> = {
  name: 'boot vm',
  label: ({ name }) => `Start ${name}`,
  timeout: '5m',
  repeat: 'look first',

  find: async (world, vm) => ((await isRunning(world, vm)) ? null : undefined),

  async run(world, machine) {
    await atItsNode(world, machine, (vm) => boot(world, vm));
    return null;
  },
};

async function boot(world: World, vm: Machine): Promise<void> {
  const { api } = world.cluster;
  await requireMeant(world, vm);
  try {
    const upid = await runTask(world, () => startVm(api, vm.node, vm.vmid));
    if (upid && !isLeftToHa(upid)) return;
  } catch (error) {
    if (!(await isRunning(world, vm))) throw error;
  }
  await waitUntil(world, vm, 'running', offAfterStartMs);
}

/** HA starts a VM later than its task ends. Any other one that is off so long after that has powered off again, ms. */
const offAfterStartMs = 4_000;

type Halt = Machine & {
  readonly force: boolean;
  readonly patienceS: number;
  /** It is to be there afterwards. Otherwise it is to be removed: then only one of ours is touched, and one that is gone is no trouble. */
  readonly stays?: boolean;
  /** What to type when the guest does not power off. */
  readonly hint?: string;
};

/** Shuts a VM down from within, or pulls its plug. */
export const haltVm: Step<Halt, null> = {
  name: 'halt vm',
  label: ({ name, force }) => (force ? `Stop ${name}` : `Shut ${name} down`),
  timeout: '15m',
  repeat: 'safe',

  async run(world, machine) {
    const { name, uuid, stays = false, hint = `/vm stop ${name} --force` } = machine;
    try {
      await atItsNode(world, machine, (vm) => halt(world, vm));
    } catch (error) {
      // Redis may have lost that we stopped and removed it.
      const wasRemoved =
        uuid !== undefined && !stays && isMissing(error) && (await isGone(world, machine, withUuid(uuid)));
      if (!wasRemoved) throw withWayOut(world, error, hint);
    }
    return null;
  },
};

async function halt(world: World, vm: Halt): Promise<void> {
  const { vmid, node, force, patienceS, uuid, stays = false } = vm;
  const { api } = world.cluster;
  const begin = () =>
    force ? stopVm(api, node, vmid) : shutdownVm(api, node, vmid, { timeoutS: patienceS, forceStop: false });
  if (uuid !== undefined && !stays) await requireOurs(world.cluster, node, vmid, { uuid });
  else await requireMeant(world, vm);
  const isAgain = world.saved !== undefined;
  if (force) await endPowerTasks(api, node, vmid);
  await using _ =
    force || vm.hint !== undefined ? undefined : tellWhenSlow(world, vm.name, `/vm stop ${vm.name} --force`);
  let upid = await runTask(world, begin);
  // Redis may have lost that it was off, and started again since; then that task says nothing of now.
  if (isAgain && (await isRunning(world, vm))) {
    await world.save(null);
    upid = await runTask(world, begin);
  }
  if (!upid || isLeftToHa(upid)) await waitUntil(world, vm, 'stopped');
}

/** Whether it has power now. GET /nodes/{node}/qemu/{vmid}/status/current */
export async function isRunning(world: World, { node, vmid }: Located): Promise<boolean> {
  return (await readStatus(world.cluster.api, node, vmid))?.status === 'running';
}

/**
 * Waits as long as the step may until a VM runs, or is off. Throws when it is not there any more, and when it should run
 * and is still off after `offMs`, unless HA manages it.
 *
 * GET /nodes/{node}/qemu/{vmid}/status/current
 */
export async function waitUntil(
  world: World,
  { node, vmid }: Located,
  wanted: 'running' | 'stopped',
  offMs?: number,
): Promise<void> {
  const { clock, signal, cluster } = world;
  const start = clock.now();
  const look = async () => {
    const now = await readStatus(cluster.api, node, vmid);
    if (!now) throw notThere(cluster.name, node, vmid);
    if (now.status === wanted) return true;
    if (offMs !== undefined && now.status === 'stopped' && !now.ha && clock.now() - start >= offMs)
      throw hopeless(world, `VM ${vmid} powered off right after its start.`);
    return undefined;
  };
  await poll(look, { clock, signal, firstMs: 100, mostMs: 2000 });
}

/** Of a guest that did not power off in time: the same with what to type, which depends on what was wanted of it. */
export function withWayOut({ cluster }: World, error: unknown, hint: string): unknown {
  if (!(error instanceof ProxmoxError) || error.kind !== 'guest timeout') return error;
  const { kind, outcome, taskEnded } = error;
  const offers = hint.startsWith('/vm ') ? [{ label: 'Pull its plug', command: hint, tone: 'danger' as const }] : [];
  return new ProxmoxError(cluster.name, error.message, { kind, outcome, taskEnded, hint, offers, cause: error });
}
