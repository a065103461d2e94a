import { UserError } from '#base/errors.ts';
import { knownOnes } from '#base/suggest.ts';
import type { RunRecord } from '#jobs/engine/record.ts';
import type { Desk } from './desk.ts';

/** The job with this number, or whose number begins so. Throws a `UserError` when there is none, or several. */
export async function findRun(desk: Desk, wanted: string): Promise<RunRecord> {
  const exact = await desk.runs.read(wanted);
  if (exact) return exact;
  const { runs } = await desk.runs.list({ limit: 200 });
  const bare = wanted.replace(/^r-/, '');
  const fitting = runs.filter(({ id }) => id.startsWith(`r-${bare}`));
  const [run] = fitting;
  const ids = runs.map(({ id }) => id);
  if (!run) throw new UserError(`There is no job "${wanted}". ${knownOnes(wanted, ids)}`, { hint: '/job list' });
  if (fitting.length > 1) {
    const some = fitting.slice(0, 12).map(({ id }) => id);
    throw new UserError(`"${wanted}" could be ${some.join(', ')}${some.length < fitting.length ? ', …' : '.'}`, {
      hint: `/job show ${run.id}`,
    });
  }
  return run;
}
