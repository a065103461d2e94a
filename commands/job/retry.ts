import { defineCommand } from '../command.ts';
import { findRun } from '../find-run.ts';
import { theJob } from '../usual-args.ts';

export const jobRetry = defineCommand({
  path: 'job retry',
  synonyms: ['again', 'rerun', 'restart'],
  about: 'Go on with a job that failed, from the step that did.',
  example: '/job retry r-7f3k2q',
  risk: 'change',
  args: {
    job: theJob,
  },
  async run({ job }, desk) {
    const run = await findRun(desk, job);
    return { verb: 'retry', run: run.id, said: `Going on with ${run.id}: ${run.text}` };
  },
});
