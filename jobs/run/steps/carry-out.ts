import { UserError } from '#base/errors.ts';
import type { Step } from '../../engine/step.ts';
import type { OtherRuns } from '../../engine/world.ts';
import type { RunChange } from '../change.ts';

/** Does to another job what was approved. A second time it finds that done, which is as good. */
export const carryOutChange: Step<RunChange, null> = {
  name: 'change another job',
  label: ({ verb, run }) => `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${run}`,
  timeout: '1m',
  repeat: 'safe',

  async run({ runs, by, saved, save }, { run, verb }) {
    // An earlier try may have got through, and then the job is in another state already.
    const again = saved !== undefined;
    await save('begun');
    const answer = await change(runs, verb)(run, by);
    if (answer !== 'ok' && !again) throw new UserError(answer, { hint: `/job show ${run}` });
    return null;
  },
};

function change(runs: OtherRuns, verb: RunChange['verb']): OtherRuns['cancel'] {
  switch (verb) {
    case 'cancel':
      return runs.cancel;
    case 'retry':
      return (id, by) => runs.retry(id, by);
    case 'roll back':
      return runs.rollBack;
    case 'keep':
      return runs.keep;
  }
}
