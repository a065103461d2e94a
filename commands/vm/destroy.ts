import { destroyVm } from '#jobs/vm/destroy.ts';
import { defineCommand } from '../command.ts';

export const vmDestroy = defineCommand({
  path: 'vm destroy',
  about: 'Stop a VM and remove it with its disks.',
  example: '/vm destroy k8s-dev',
  risk: 'destroy',
  args: {
    vm: { kind: 'text', about: 'Its name or VMID.', positional: true, required: true, complete: 'vm' },
    'dry-run': { kind: 'flag', about: 'Show the plan and do nothing.' },
  },
  run: ({ vm, 'dry-run': dryRun }) => ({ job: destroyVm, input: { vm }, dryRun }),
});
