import { stopVm } from '#jobs/vm/power.ts';
import { defineCommand } from '../command.ts';

export const vmStop = defineCommand({
  path: 'vm stop',
  about: 'Shut a VM down; with --force pull its plug.',
  example: '/vm stop k8s-dev',
  risk: 'change',
  args: {
    vm: { kind: 'text', about: 'Its name or VMID.', positional: true, required: true, complete: 'vm' },
    force: { kind: 'flag', about: 'Do not wait for the guest.' },
    'dry-run': { kind: 'flag', about: 'Show the plan and do nothing.' },
  },
  run: ({ vm, force, 'dry-run': dryRun }) => ({ job: stopVm, input: { vm, force }, dryRun }),
});
