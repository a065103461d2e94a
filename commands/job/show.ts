import { plain } from '#base/card.ts';
import { spell } from '#base/duration.ts';
import { defineCommand } from '../command.ts';
import { findRun } from '../find-run.ts';
import { factsCard } from '../show.ts';
import { theJob } from '../usual-args.ts';

export const jobShow = defineCommand({
  path: 'job show',
  synonyms: ['info', 'get', 'status', 'log', 'logs'],
  about: 'One job: its plan, its steps, the end of its log.',
  example: '/job show r-7f3k2q',
  risk: 'read',
  args: {
    job: theJob,
  },
  async run({ job }, desk) {
    const run = await findRun(desk, job);
    const [steps, log] = await Promise.all([desk.runs.steps(run.id), desk.runs.log(run.id)]);
    const facts = {
      State: run.waitingFor ? `${run.state}: ${run.waitingFor}` : run.state,
      'Asked by': { who: run.by.key, name: run.by.name },
      Command: { code: run.text },
      Plan: run.view && plain(run.view.title),
      Failure: run.failure?.message,
      'Taken back': run.failure?.takenBack.join('; ') || undefined,
      'Still there': run.failure?.leftOver.join('; ') || undefined,
      Took: run.startedAt && run.endedAt ? spell(run.endedAt - run.startedAt) : undefined,
      Worker: run.owner,
    };
    const rows = steps.map((step) => [
      step.state,
      step.label,
      // One that was taken back ended long after its work was done.
      step.endedAt && step.state !== 'undone' ? spell(step.endedAt - step.startedAt) : '',
      step.attempts > 1 ? `${step.attempts} tries` : '',
    ]);
    return {
      answer: factsCard(['Job ', { code: run.id }], `${run.text}: ${run.state}`, facts, [
        ...(rows.length > 0 ? [{ kind: 'table' as const, columns: ['State', 'Step', 'Took', ''], rows }] : []),
        ...(log.length > 0
          ? [
              {
                kind: 'code' as const,
                text: log
                  .slice(-30)
                  .map(({ text }) => text)
                  .join('\n'),
              },
            ]
          : []),
      ]),
    };
  },
});
