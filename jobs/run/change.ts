import { z } from 'zod';
import { plain } from '#base/card.ts';
import { UserError } from '#base/errors.ts';
import type { Job } from '../engine/job.ts';
import type { RunState } from '../engine/record.ts';
import { carryOutChange } from './steps/carry-out.ts';

const Input = z.object({ run: z.string(), verb: z.enum(['cancel', 'retry', 'roll back', 'keep']) });

export type RunChange = z.infer<typeof Input> & {
  /** What the other job is about, for people. */
  readonly title: string;
  /** What somebody types who has nobody to ask. */
  readonly name: string;
};

/** In which states a verb has something to do; `cancel` and `keep` are for jobs that are under way, and `keep` for kept ones. */
const over: Readonly<Record<'retry' | 'roll back', readonly RunState[]>> = {
  retry: ['failed', 'cancelled', 'expired', 'kept', 'stuck'],
  'roll back': ['kept', 'stuck'],
};

/**
 * Cancel, retry, roll back or keep another job, once people have said yes to that. Without a question there is no need of it: then
 * the gateway does it at once.
 */
export function changeRun(name: 'job cancel' | 'job retry'): Job<z.input<typeof Input>, RunChange, RunChange> {
  return {
    name,
    version: 1,
    input: Input,

    async plan({ runs }, { run, verb }) {
      const record = await runs.read(run);
      if (!record) throw new UserError(`There is no job ${run} (any more).`, { hint: '/job list' });
      const ended = verb === 'retry' || verb === 'roll back';
      if (ended && !over[verb].includes(record.state)) {
        throw new UserError(`The job ${run} is ${record.state}: there is nothing to ${verb}.`, {
          hint: `/job show ${run}`,
        });
      }
      const { view, text } = record;
      return { run, verb, title: view ? plain(view.title) : text, name: view?.name ?? run };
    },

    describe: (plan) => ({
      title: [`${plan.verb} job `, { code: plan.run }, `: ${plan.title}`],
      name: plan.name,
      rows: [],
      changes: { create: 0, change: 1, destroy: 0 },
      warnings: plan.verb === 'roll back' ? ['What that job made is removed.'] : [],
      steps: [carryOutChange.label(plan)],
    }),

    steps: [carryOutChange],

    async run(run, plan) {
      await run.step(carryOutChange, plan);
      return plan;
    },

    summary: ({ run, verb, title }) => ({
      tone: 'ok',
      fallback: `${done[verb]} ${run}: ${title}`,
      blocks: [{ kind: 'text', text: [`${done[verb]} `, { code: run }, `: ${title}`] }],
    }),
  };
}

const done = { cancel: 'Stopping', retry: 'Going on with', 'roll back': 'Rolling back', keep: 'Keeping' } as const;
