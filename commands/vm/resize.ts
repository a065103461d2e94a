import { resizeVm } from '#jobs/vm/resize.ts';
import { defineCommand } from '../command.ts';
import { dryRunFlag, theVm } from '../usual-args.ts';

export const vmResize = defineCommand({
  path: 'vm resize',
  synonyms: ['scale', 'grow', 'set', 'edit', 'modify', 'update'],
  about: 'Give a VM other CPUs, memory, or a bigger disk.',
  example: '/vm resize k8s-dev large',
  risk: 'change',
  args: {
    vm: theVm,
    size: {
      kind: 'text',
      synonyms: ['s', 'flavor', 'type'],
      about: 'The new size.',
      positional: true,
      complete: 'size',
    },
    cpus: { kind: 'whole', synonyms: ['c', 'cpu', 'cores', 'vcpus'], about: 'CPUs.', min: 1, max: 512 },
    memory: { kind: 'mib', synonyms: ['m', 'mem', 'ram'], about: 'Memory: 8G.', min: 128 },
    disk: { kind: 'gib', synonyms: ['d', 'hdd', 'storage'], about: 'Disk: 80G. Disks only grow.', min: 1 },
    restart: { kind: 'flag', about: 'Restart it, so that CPUs and memory count at once.' },
    'dry-run': dryRunFlag,
  },
  run: ({ vm, size, cpus, memory: memoryMiB, disk: diskGiB, restart, 'dry-run': dryRun }) => ({
    job: resizeVm,
    input: { vm, size, cpus, memoryMiB, diskGiB, restart },
    dryRun,
  }),
});
