import { spellCpus, spellMemory } from '#base/amounts.ts';
import { RemoteError } from '#base/errors.ts';
import type { Step } from '#jobs/engine/step.ts';
import type { World } from '#jobs/engine/world.ts';
import { notThere } from '#proxmox/missing.ts';
import { readVm, setConfig } from '#proxmox/vms.ts';
import { atItsNode, requireMeant } from './at-its-node.ts';
import { isGone, isMissing, type Meant, withUuid } from './gone.ts';
import { bootVm, isRunning, type Machine } from './power.ts';

/** CPUs as Proxmox keeps them: `cores` in each of `sockets`. */
export type Hardware = { readonly cores: number; readonly sockets: number; readonly memoryMiB: number };

type Change = Machine & {
  readonly after: Hardware;
  readonly before: Hardware;
  /** It ran, and later steps turn it off and on again. */
  readonly restart: boolean;
};

/** Sets CPUs and memory; on a running VM they wait for its next start. Taken back, a VM that was turned off for them runs again. */
export const setHardware: Step<Change, null> = {
  name: 'set hardware',
  label: ({ after }) => `Set ${spellHardware(after)}`,
  timeout: '10m',
  repeat: 'safe',

  async run(world, change) {
    await atItsNode(world, change, async (vm) => {
      await requireMeant(world, vm);
      await setConfig(world.cluster.api, vm.node, vm.vmid, optionsOf(vm.after));
    });
    return null;
  },

  async undo(world, change) {
    try {
      return await atItsNode(world, change, (vm) => giveBack(world, vm));
    } catch (error) {
      // One that is gone, or whose number another one has by now, needs nothing back.
      if (isMissing(error) && (await isGone(world, change, isMeant(change)))) return false;
      throw error;
    }
  },
  undone: ({ name, before, restart }) =>
    `gave ${name} its ${spellHardware(before)} back${restart ? ', and saw that it runs' : ''}`,
};

async function giveBack(world: World, change: Change): Promise<boolean> {
  const { vmid, node, before, restart } = change;
  const { api } = world.cluster;
  const config = await readVm(api, node, vmid);
  if (!config) throw notThere(api.cluster, node, vmid);
  if (!isMeant(change)(config)) return false;
  const changed = !sameHardware(config, before);
  // Proxmox lets no option through while the VM is being shut down, so that afterwards it is known whether it is off.
  if (changed || restart) await setConfig(api, node, vmid, optionsOf(before));
  const isOff = restart && !(await isRunning(world, change));
  if (isOff) await bootVm.run(world, change).catch((error: unknown) => Promise.reject(stillOff(error, change)));
  return changed || isOff;
}

/** Runs that began with an older version know no UUID: any VM with that number is meant then. */
const isMeant = ({ uuid }: Change): Meant => (uuid === undefined ? () => true : withUuid(uuid));

/** Whether two configurations have the same CPUs and memory. */
export const sameHardware = (one: Hardware, other: Hardware): boolean =>
  one.cores === other.cores && one.sockets === other.sockets && one.memoryMiB === other.memoryMiB;

const optionsOf = ({ cores, sockets, memoryMiB }: Hardware) => ({ cores, sockets, memory: memoryMiB });

const spellHardware = ({ cores, sockets, memoryMiB }: Hardware) =>
  `${spellCpus(cores * sockets)} and ${spellMemory(memoryMiB)} memory`;

function stillOff(error: unknown, { name }: Machine): unknown {
  if (!(error instanceof RemoteError)) return error;
  const { system, outcome } = error;
  const message = `${name} is off now, and does not start: ${error.message}`;
  return new RemoteError(system, message, { outcome, hint: `/vm start ${name}`, cause: error });
}
