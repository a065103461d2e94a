import { UserError } from '#base/errors.ts';
import { defineCommand } from '../command.ts';
import { findRun } from '../find-run.ts';
import { theJob } from '../usual-args.ts';

export const jobCancel = defineCommand({
  path: 'job cancel',
  about: 'Stop a job and take back what it made.',
  example: '/job cancel r-7f3k2q',
  risk: 'change',
  args: {
    job: theJob,
  },
  async run({ job }, desk, by) {
    const run = await findRun(desk, job);
    const answer = await desk.runs.cancel(run.id, by);
    if (answer !== 'ok') throw new UserError(answer, { hint: `/job show ${run.id}` });
    const text = `Stopping ${run.id}: ${run.text}`;
    return { answer: { tone: 'info', fallback: text, blocks: [{ kind: 'text', text }] } };
  },
});
