import { stopVm } from '#jobs/vm/power.ts';
import { defineCommand } from '../command.ts';
import { dryRunFlag, theVm } from '../usual-args.ts';

export const vmStop = defineCommand({
  path: 'vm stop',
  synonyms: ['shutdown', 'halt', 'off', 'down', 'poweroff', 'suspend'],
  about: 'Shut a VM down; with --force pull its plug.',
  example: '/vm stop k8s-dev',
  risk: 'change',
  args: {
    vm: theVm,
    force: { kind: 'flag', synonyms: ['f', 'hard', 'now'], about: 'Do not wait for the guest.' },
    'dry-run': dryRunFlag,
  },
  run: ({ vm, force, 'dry-run': dryRun }) => ({ job: stopVm, input: { vm, force }, dryRun }),
});
