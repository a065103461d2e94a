import { UserError } from '#base/errors.ts';
import { defineCommand } from '../command.ts';
import { findRun } from '../find-run.ts';
import { theJob } from '../usual-args.ts';

export const jobRetry = defineCommand({
  path: 'job retry',
  about: 'Go on with a job that failed, from the step that did.',
  example: '/job retry r-7f3k2q',
  risk: 'change',
  args: {
    job: theJob,
  },
  async run({ job }, desk, by) {
    const run = await findRun(desk, job);
    const answer = await desk.runs.retry(run.id, by);
    if (answer !== 'ok') throw new UserError(answer, { hint: `/job show ${run.id}` });
    const text = `Going on with ${run.id}: ${run.text}`;
    return { answer: { tone: 'info', fallback: text, blocks: [{ kind: 'text', text }] } };
  },
});
