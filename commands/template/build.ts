import { buildTemplate } from '#jobs/template/build.ts';
import { defineCommand } from '../command.ts';
import { dryRunFlag, keepFlag } from '../usual-args.ts';

export const templateBuild = defineCommand({
  path: 'template build',
  synonyms: ['create', 'new', 'make', 'add'],
  about: 'Make a VM template from a vendor’s cloud image, guest agent included.',
  example: '/template build debian-12',
  risk: 'change',
  args: {
    name: {
      kind: 'text',
      about: 'A name from /template list.',
      positional: true,
      required: true,
      complete: 'template',
    },
    node: {
      kind: 'text',
      synonyms: ['n', 'host'],
      about: 'Only on this node; otherwise on each that needs its own.',
      complete: 'node',
    },
    keep: keepFlag,
    'dry-run': dryRunFlag,
  },
  run: ({ name, node, keep, 'dry-run': dryRun }) => ({ job: buildTemplate, input: { name, node }, keep, dryRun }),
});
