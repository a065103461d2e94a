import { spellMemory } from '#base/memory.ts';
import type { Step } from '#jobs/engine/step.ts';
import { setConfig } from '#proxmox/vms.ts';
import { spellCpus } from '../spell.ts';
import type { Machine } from './power.ts';

/** Sets CPUs and memory; on a running VM they wait for its next start. */
export const setHardware: Step<Machine & { readonly cpus: number; readonly memoryMiB: number }, null> = {
  name: 'set hardware',
  label: ({ cpus, memoryMiB }) => `Set ${spellCpus(cpus)} and ${spellMemory(memoryMiB)} memory`,
  timeout: '10m',
  repeat: 'safe',

  async run(world, { vmid, node, cpus, memoryMiB }) {
    await setConfig(world.cluster.api, node, vmid, { cores: cpus, sockets: 1, memory: memoryMiB });
    return null;
  },
};
