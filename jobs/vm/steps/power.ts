import { poll } from '#base/poll.ts';
import type { Step } from '#jobs/engine/step.ts';
import type { World } from '#jobs/engine/world.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { requireOurs } from '#proxmox/marker.ts';
import { notThere } from '#proxmox/missing.ts';
import { readStatus, shutdownVm, startVm, stopVm } from '#proxmox/vms.ts';
import { runTask } from '../../task.ts';
import { isGone, isMissing, withUuid } from './gone.ts';

export type Machine = { readonly vmid: number; readonly node: string; readonly name: string };

/** Starts a VM. What counts is that it runs: the task may fail and the VM come up all the same, and HA starts it later than its task ends. */
export const bootVm: Step<Machine, null> = {
  name: 'boot vm',
  label: ({ name }) => `Start ${name}`,
  timeout: '5m',
  repeat: 'look first',

  find: async (world, vm) => ((await isRunning(world, vm)) ? null : undefined),

  async run(world, vm) {
    const { api } = world.cluster;
    try {
      await runTask(world, () => startVm(api, vm.node, vm.vmid));
    } catch (error) {
      if (!(await isRunning(world, vm))) throw error;
    }
    await waitUntil(world, vm, 'running');
    return null;
  },
};

type Halt = Machine & {
  readonly force: boolean;
  readonly patienceS: number;
  /** With an SMBIOS UUID, only a VM of ours that has it is touched; and as it is to be removed then, one that is gone is no trouble. */
  readonly uuid?: string;
  /** What to type when the guest does not power off. */
  readonly hint?: string;
};

/** Shuts a VM down from within, or pulls its plug. */
export const haltVm: Step<Halt, null> = {
  name: 'halt vm',
  label: ({ name, force }) => (force ? `Stop ${name}` : `Shut ${name} down`),
  timeout: '15m',
  repeat: 'safe',

  async run(world, { vmid, node, name, force, patienceS, uuid, hint = `/vm stop ${name} --force` }) {
    const { api } = world.cluster;
    const halt = () =>
      force ? stopVm(api, node, vmid) : shutdownVm(api, node, vmid, { timeoutS: patienceS, forceStop: false });
    try {
      if (uuid !== undefined) await requireOurs(api, node, vmid, { uuid });
      const isAgain = world.saved !== undefined;
      await runTask(world, halt);
      // Redis may have lost that it was off, and started again since; then that task says nothing of now.
      if (isAgain && (await isRunning(world, { vmid, node, name }))) {
        await world.save(null);
        await runTask(world, halt);
      }
      await waitUntil(world, { vmid, node, name }, 'stopped');
    } catch (error) {
      // Redis may have lost that we stopped and removed it.
      const wasRemoved =
        uuid !== undefined && isMissing(error) && (await isGone(world, { node, vmid }, withUuid(uuid)));
      if (!wasRemoved) throw withWayOut(world, error, hint);
    }
    return null;
  },
};

/** Whether it has power now. GET /nodes/{node}/qemu/{vmid}/status/current */
export async function isRunning(world: World, { node, vmid }: Machine): Promise<boolean> {
  return (await readStatus(world.cluster.api, node, vmid))?.status === 'running';
}

/** Waits as long as the step may until a VM runs, or is off. Throws when it is not there any more. */
export async function waitUntil(world: World, { node, vmid }: Machine, wanted: 'running' | 'stopped'): Promise<void> {
  const { clock, signal, cluster } = world;
  const look = async () => {
    const now = await readStatus(cluster.api, node, vmid);
    if (!now) throw notThere(cluster.name, node, vmid);
    return now.status === wanted ? true : undefined;
  };
  await poll(look, { clock, signal, firstMs: 100, mostMs: 2000 });
}

/** Of a guest that did not power off in time: the same with what to type, which depends on what was wanted of it. */
export function withWayOut({ cluster }: World, error: unknown, hint: string): unknown {
  if (!(error instanceof ProxmoxError) || error.kind !== 'guest timeout') return error;
  const { kind, outcome, taskEnded } = error;
  return new ProxmoxError(cluster.name, error.message, { kind, outcome, taskEnded, hint, cause: error });
}
