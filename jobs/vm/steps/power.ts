import { poll } from '#base/poll.ts';
import type { Step } from '#jobs/engine/step.ts';
import type { World } from '#jobs/engine/world.ts';
import { requireOurs } from '#proxmox/marker.ts';
import { notThere } from '#proxmox/missing.ts';
import { readStatus, rebootVm, resetVm, shutdownVm, startVm, stopVm } from '#proxmox/vms.ts';
import { runTask } from '../../task.ts';
import { isGone } from './gone.ts';

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
};

/** Shuts a VM down from within, or pulls its plug. */
export const haltVm: Step<Halt, null> = {
  name: 'halt vm',
  label: ({ name, force }) => (force ? `Stop ${name}` : `Shut ${name} down`),
  timeout: '15m',
  repeat: 'safe',

  async run(world, { vmid, node, name, force, patienceS, uuid }) {
    const { api } = world.cluster;
    const halt = () =>
      force ? stopVm(api, node, vmid) : shutdownVm(api, node, vmid, { timeoutS: patienceS, forceStop: false });
    try {
      if (uuid !== undefined) await requireOurs(api, node, vmid, { uuid });
      await runTask(world, halt);
      await waitUntil(world, { vmid, node, name }, 'stopped');
    } catch (error) {
      // Redis may have lost that we stopped and removed it.
      if (uuid === undefined || !(await isGone(world, { node, vmid }, error))) throw error;
    }
    return null;
  },
};

/** Restarts a VM from within, or resets it. */
export const restartVm: Step<Machine & { readonly force: boolean }, null> = {
  name: 'restart vm',
  label: ({ name, force }) => (force ? `Reset ${name}` : `Reboot ${name}`),
  timeout: '15m',
  repeat: 'safe',

  async run(world, { vmid, node, name, force }) {
    const { api } = world.cluster;
    await runTask(world, () => (force ? resetVm(api, node, vmid) : rebootVm(api, node, vmid)));
    // Proxmox ends the reboot's task while the VM is off, and starts it again some seconds later.
    await waitUntil(world, { vmid, node, name }, 'running');
    return null;
  },
};

async function isRunning(world: World, { node, vmid }: Machine): Promise<boolean> {
  return (await readStatus(world.cluster.api, node, vmid))?.status === 'running';
}

async function waitUntil(world: World, { node, vmid }: Machine, wanted: 'running' | 'stopped'): Promise<void> {
  const { clock, signal, cluster } = world;
  const look = async () => {
    const now = await readStatus(cluster.api, node, vmid);
    if (!now) throw notThere(cluster.name, node, vmid);
    return now.status === wanted ? true : undefined;
  };
  await poll(look, { clock, signal, firstMs: 100, mostMs: 2000 });
}
