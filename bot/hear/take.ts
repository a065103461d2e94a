import type { Heard } from '#chat/platform.ts';
import type { Desk } from '#commands/desk.ts';
import { findCommand } from '#commands/find.ts';
import { readArgs } from '#commands/read.ts';
import { deskAt, type Office } from '../office.ts';
import { actOnRun } from './act.ts';
import { actionOf } from './action-of.ts';
import { answerOnce } from './answer-once.ts';
import { commandForm, wantsForm } from './command-form.ts';
import type { Line } from './heard.ts';
import { countCommand } from './pace.ts';
import { submitJob } from './submit-job.ts';
import { later } from './whisper.ts';

/**
 * What only answers, a dry run too, is noted, acknowledged at once and answered when Proxmox has. What changes something is resolved only when its
 * run stands in Redis. A command that needs more than its name is answered with a form.
 */
export async function takeLine(office: Office, typed: Line): Promise<Heard> {
  const desk = deskAt(office, typed.place);
  const { command, words } = await find(office, typed, desk);
  const grant = office.authorize(actionOf(command, words), typed.by);
  if (wantsForm(command, words)) return commandForm(office, command);
  const values = readArgs(command, words);
  if (command.risk === 'read' || command.answers || values['dry-run']) return answerOnce(office, typed);
  const outcome = await command.run(values, desk, typed.by);
  if ('answer' in outcome) return later(office, typed, () => outcome.answer);
  if ('verb' in outcome) return actOnRun(office, typed, outcome);
  await submitJob(office, typed, outcome, grant);
  return 'public';
}

/** The command that a line names. A line that names none counts as well: it is answered like any other. */
async function find(office: Office, typed: Line, { table }: Desk): Promise<ReturnType<typeof findCommand>> {
  let isStop = false;
  try {
    const found = findCommand(table, typed.text);
    isStop = found.command.path === 'job cancel';
    return found;
  } finally {
    await countCommand(office, typed, isStop);
  }
}
