import { startVm } from '#jobs/vm/power.ts';
import { defineCommand } from '../command.ts';
import { dryRunFlag, theVm } from '../usual-args.ts';

export const vmStart = defineCommand({
  path: 'vm start',
  synonyms: ['boot', 'on', 'up', 'run', 'poweron', 'resume'],
  about: 'Start a VM and wait until it runs.',
  example: '/vm start k8s-dev',
  risk: 'change',
  args: {
    vm: theVm,
    'dry-run': dryRunFlag,
  },
  run: ({ vm, 'dry-run': dryRun }) => ({ job: startVm, input: { vm }, dryRun }),
});
