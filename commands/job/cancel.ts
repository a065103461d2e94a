import { defineCommand } from '../command.ts';
import { findRun } from '../find-run.ts';
import { theJob } from '../usual-args.ts';

export const jobCancel = defineCommand({
  path: 'job cancel',
  synonyms: ['stop', 'abort', 'kill', 'rm', 'delete'],
  about: 'Stop a job and take back what it made.',
  example: '/job cancel r-7f3k2q',
  risk: 'change',
  args: {
    job: theJob,
  },
  async run({ job }, desk) {
    const run = await findRun(desk, job);
    return { verb: 'cancel', run: run.id, said: `Stopping ${run.id}: ${run.text}` };
  },
});
