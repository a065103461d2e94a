import { resizeVm } from '#jobs/vm/resize.ts';
import { defineCommand } from '../command.ts';

export const vmResize = defineCommand({
  path: 'vm resize',
  about: 'Give a VM other CPUs, memory, or a bigger disk.',
  example: '/vm resize k8s-dev large',
  risk: 'change',
  args: {
    vm: { kind: 'text', about: 'Its name or VMID.', positional: true, required: true, complete: 'vm' },
    size: { kind: 'text', about: 'The new size.', positional: true, complete: 'size' },
    cpus: { kind: 'whole', about: 'CPUs.', min: 1, max: 512 },
    memory: { kind: 'mib', about: 'Memory: 8G.', min: 128 },
    disk: { kind: 'gib', about: 'Disk: 80G. Disks only grow.', min: 1 },
    restart: { kind: 'flag', about: 'Restart it, so that CPUs and memory count at once.' },
    'dry-run': { kind: 'flag', about: 'Show the plan and do nothing.' },
  },
  run: ({ vm, size, cpus, memory: memoryMiB, disk: diskGiB, restart, 'dry-run': dryRun }) => ({
    job: resizeVm,
    input: { vm, size, cpus, memoryMiB, diskGiB, restart },
    dryRun,
  }),
});
