import type { Step } from '#jobs/engine/step.ts';
import { resizeDisk } from '#proxmox/vms.ts';
import { runTask } from '../../task.ts';
import { atItsNode, type Located, requireMeant } from './at-its-node.ts';

type Growth = Located & { readonly disk: string; readonly diskGiB: number };

/** Grows a disk to an absolute size, so that doing it twice changes nothing more. The guest's cloud-init grows the file system at boot. */
export const growDisk: Step<Growth, null> = {
  name: 'grow disk',
  label: ({ disk, diskGiB }) => `Grow ${disk} to ${diskGiB} GiB`,
  timeout: '15m',
  repeat: 'safe',

  async run(world, growth) {
    await atItsNode(world, growth, async (vm) => {
      const { vmid, node, disk, diskGiB } = vm;
      await requireMeant(world, vm);
      await runTask(world, () => resizeDisk(world.cluster.api, node, vmid, disk, diskGiB));
    });
    return null;
  },
};
