import type { Step } from '#jobs/engine/step.ts';
import type { World } from '#jobs/engine/world.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { runningTasks, type Upid } from '#proxmox/tasks.ts';
import { readStatus, rebootVm, resetVm } from '#proxmox/vms.ts';
import { followTask } from '../../task.ts';
import { atItsNode, requireMeant } from './at-its-node.ts';
import { endPowerTasks, tellWhenSlow } from './end-power-tasks.ts';
import { type Machine, waitUntil, withWayOut } from './power.ts';

/** What a reboot left behind: QEMU's process id before it, and its task once Proxmox has named it. */
type Begun = { readonly pid: number | null; readonly upid: Upid | null };

/** Restarts a VM from within, or resets it. A reset leaves no trace by which it could be seen, and does no more harm twice than once. */
export const restartVm: Step<Machine & { readonly force: boolean }, null> = {
  name: 'restart vm',
  label: ({ name, force }) => (force ? `Reset ${name}` : `Reboot ${name}`),
  timeout: '15m',
  repeat: 'look first',

  find: (world, machine) => atItsNode(world, machine, (vm) => findRestarted(world, vm)),
  run: (world, machine) => atItsNode(world, machine, (vm) => restart(world, vm)),
};

async function findRestarted(world: World, vm: Machine): Promise<null | undefined> {
  const begun = world.saved as Begun | undefined;
  if (!begun || begun.upid) return undefined;
  const { api } = world.cluster;
  const [task] = await runningTasks(api, vm.node, { vmid: vm.vmid, type: 'qmreboot' });
  if (task) {
    await world.save({ ...begun, upid: task.upid });
    return undefined;
  }
  const now = await readStatus(api, vm.node, vm.vmid);
  if (now?.status === 'running' && (now.pid ?? null) === begun.pid) return undefined;
  // It ran when it was asked; one that is off now is between its two lives.
  await waitUntil(world, vm, 'running');
  return null;
}

async function restart(world: World, vm: Machine & { readonly force: boolean }): Promise<null> {
  const { vmid, node, name, force } = vm;
  const { api } = world.cluster;
  await requireMeant(world, vm);
  const earlier = world.saved as Begun | undefined;
  const begun = earlier ?? { pid: (await readStatus(api, node, vmid))?.pid ?? null, upid: null };
  if (!earlier) await world.save(begun);
  if (force && !begun.upid) await endPowerTasks(api, node, vmid);
  await using _ = force ? undefined : tellWhenSlow(world, name, `/vm reboot ${name} --force`);
  try {
    const upid = begun.upid ?? (await (force ? resetVm : rebootVm)(api, node, vmid));
    if (upid !== begun.upid) await world.save({ ...begun, upid });
    await followTask(world, upid, () => world.save({ ...begun, upid: null }));
  } catch (error) {
    // An earlier try, whose answer was lost, has it down at this moment.
    const isDown = error instanceof ProxmoxError && error.kind === 'vm down';
    if (!earlier || !isDown) throw withWayOut(world, error, `/vm reboot ${name} --force`);
  }
  // Proxmox ends the reboot's task while the VM is off, and starts it again some seconds later.
  await waitUntil(world, vm, 'running');
  return null;
}
