import { destroyVm } from '#jobs/vm/destroy.ts';
import { defineCommand } from '../command.ts';
import { dryRunFlag, theVm } from '../usual-args.ts';

export const vmDestroy = defineCommand({
  path: 'vm destroy',
  synonyms: ['delete', 'del', 'remove', 'rm', 'kill', 'purge', 'drop'],
  about: 'Stop a VM and remove it with its disks.',
  example: '/vm destroy k8s-dev',
  risk: 'destroy',
  args: {
    vm: theVm,
    'dry-run': dryRunFlag,
  },
  run: ({ vm, 'dry-run': dryRun }) => ({ job: destroyVm, input: { vm }, dryRun }),
});
