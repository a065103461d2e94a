import { startVm } from '#jobs/vm/power.ts';
import { defineCommand } from '../command.ts';

export const vmStart = defineCommand({
  path: 'vm start',
  about: 'Start a VM and wait until it runs.',
  example: '/vm start k8s-dev',
  risk: 'change',
  args: {
    vm: { kind: 'text', about: 'Its name or VMID.', positional: true, required: true, complete: 'vm' },
    'dry-run': { kind: 'flag', about: 'Show the plan and do nothing.' },
  },
  run: ({ vm, 'dry-run': dryRun }) => ({ job: startVm, input: { vm }, dryRun }),
});
