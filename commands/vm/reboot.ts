import { rebootVm } from '#jobs/vm/power.ts';
import { defineCommand } from '../command.ts';
import { dryRunFlag, theVm } from '../usual-args.ts';

export const vmReboot = defineCommand({
  path: 'vm reboot',
  synonyms: ['restart', 'reset', 'cycle'],
  about: 'Restart a VM from within; with --force reset it.',
  example: '/vm reboot k8s-dev',
  risk: 'change',
  args: {
    vm: theVm,
    force: { kind: 'flag', synonyms: ['f', 'hard', 'now'], about: 'Do not wait for the guest.' },
    'dry-run': dryRunFlag,
  },
  run: ({ vm, force, 'dry-run': dryRun }) => ({ job: rebootVm, input: { vm, force }, dryRun }),
});
