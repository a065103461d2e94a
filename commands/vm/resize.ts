import { resizeVm } from '#jobs/vm/resize.ts';
import { defineCommand } from '../command.ts';
import { dryRunFlag, theVm } from '../usual-args.ts';

export const vmResize = defineCommand({
  path: 'vm resize',
  about: 'Give a VM other CPUs, memory, or a bigger disk.',
  example: '/vm resize k8s-dev large',
  risk: 'change',
  args: {
    vm: theVm,
    size: { kind: 'text', about: 'The new size.', positional: true, complete: 'size' },
    cpus: { kind: 'whole', about: 'CPUs.', min: 1, max: 512 },
    memory: { kind: 'mib', about: 'Memory: 8G.', min: 128 },
    disk: { kind: 'gib', about: 'Disk: 80G. Disks only grow.', min: 1 },
    restart: { kind: 'flag', about: 'Restart it, so that CPUs and memory count at once.' },
    'dry-run': dryRunFlag,
  },
  run: ({ vm, size, cpus, memory: memoryMiB, disk: diskGiB, restart, 'dry-run': dryRun }) => ({
    job: resizeVm,
    input: { vm, size, cpus, memoryMiB, diskGiB, restart },
    dryRun,
  }),
});
