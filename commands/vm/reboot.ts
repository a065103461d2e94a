import { rebootVm } from '#jobs/vm/power.ts';
import { defineCommand } from '../command.ts';

export const vmReboot = defineCommand({
  path: 'vm reboot',
  about: 'Restart a VM from within; with --force reset it.',
  example: '/vm reboot k8s-dev',
  risk: 'change',
  args: {
    vm: { kind: 'text', about: 'Its name or VMID.', positional: true, required: true, complete: 'vm' },
    force: { kind: 'flag', about: 'Do not wait for the guest.' },
    'dry-run': { kind: 'flag', about: 'Show the plan and do nothing.' },
  },
  run: ({ vm, force, 'dry-run': dryRun }) => ({ job: rebootVm, input: { vm, force }, dryRun }),
});
