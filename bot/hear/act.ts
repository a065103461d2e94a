import { UserError } from '#base/errors.ts';
import type { Heard } from '#chat/platform.ts';
import type { Command } from '#commands/command.ts';
import type { RunRecord, RunState } from '#jobs/engine/record.ts';
import type { RunVerb, Subject } from '#policy/authorize.ts';
import type { CommandKind } from '#policy/principal.ts';
import { sentenceCard } from '../cards/sentence-card.ts';
import type { Office } from '../office.ts';
import { alsoIn } from './action-of.ts';
import { submitJob } from './submit-job.ts';
import { type Asker, later } from './whisper.ts';

/** A run in one of these begins anew, and then it asks people itself. */
const fromTheStart: ReadonlySet<RunState> = new Set(['failed', 'cancelled', 'expired']);

/**
 * Does to a job what somebody pressed or typed, or asks those first whom the rules name. `said` is what they are told when it
 * is done; without it the job's card says enough.
 */
export async function actOnRun(
  office: Office,
  asker: Asker,
  { verb, run: id, said }: { readonly verb: RunVerb; readonly run: string; readonly said?: string },
): Promise<Heard> {
  const run = await office.desk.runs.read(id);
  if (!run) throw new UserError(`There is no job ${id} (any more).`, { hint: '/job list' });
  const command = commandNamed(office, verb === 'retry' ? 'job retry' : 'job cancel');
  const grant = office.authorize({ kind: verb, command }, asker.by, subjectOf(office, run));
  if (grant.approval && !(verb === 'retry' && fromTheStart.has(run.state))) {
    const job = office.jobs.get(command.path);
    if (!job) throw new Error(`there is no job ${command.path}`);
    const text = verb === 'retry' || verb === 'cancel' ? `/${command.path} ${id}` : `${verb} ${id}`;
    await submitJob(office, { ...asker, text }, { job, input: { run: id, verb }, cluster: run.cluster }, grant);
    return 'public';
  }
  const answer = await office.changes.carryOut(grant);
  if (answer !== 'ok') throw new UserError(answer, { hint: `/job show ${id}` });
  return said === undefined ? 'private' : later(office, asker, () => sentenceCard(said));
}

/** A job as rules see it. */
export function subjectOf(office: Office, { id, job, ask, text }: RunRecord): Subject {
  const command = office.desk.table.find(({ path }) => path === job);
  // Whatever it was, nothing less than the strictest is asked for.
  const kind: CommandKind = command ?? { path: job, risk: 'destroy' };
  return { run: id, command: kind, also: alsoIn(office.desk.table, text), approved: ask?.state === 'approved' };
}

function commandNamed({ desk }: Office, path: string): Command {
  const command = desk.table.find((one) => one.path === path);
  if (command) return command;
  throw new Error(`there is no command ${path}`);
}
