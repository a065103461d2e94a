import type { Heard } from '#chat/platform.ts';
import { clusterOf } from '#commands/desk.ts';
import { findCommand } from '#commands/find.ts';
import { judge } from '#commands/policy.ts';
import { readArgs } from '#commands/read.ts';
import { visible } from '#commands/split.ts';
import type { ApprovalRule } from '#jobs/engine/run.ts';
import { deskAt, type Office } from '../office.ts';
import { answerOnce } from './answer-once.ts';
import { commandForm, wantsForm } from './command-form.ts';
import { readInput, type Wanted } from './dry-run.ts';
import type { Line } from './heard.ts';
import { later } from './whisper.ts';

/**
 * What only reads, a dry run too, is noted, acknowledged at once and answered when Proxmox has. What changes something is resolved only when its
 * run stands in Redis. A command that needs more than its name is answered with a form.
 */
export async function takeLine(office: Office, typed: Line): Promise<Heard> {
  const desk = deskAt(office, typed.place);
  const { command, words } = findCommand(desk.table, typed.text);
  const approval = judge(office.rules, command, typed.by);
  if (wantsForm(command, words)) return commandForm(office, command);
  const values = readArgs(command, words);
  if (command.risk === 'read' || values['dry-run']) return answerOnce(office, typed);
  const outcome = await command.run(values, desk, typed.by);
  if ('answer' in outcome) return later(office, typed, () => outcome.answer);
  await submit(office, typed, outcome, approval);
  return 'public';
}

async function submit(office: Office, typed: Line, wanted: Wanted, approval: ApprovalRule | undefined): Promise<void> {
  const desk = deskAt(office, typed.place);
  const { job, keep } = wanted;
  const { place, by } = typed;
  await desk.runs.submit({
    key: `${place.platform}:${typed.id}`,
    job: job.name,
    version: job.version,
    input: readInput(wanted),
    cluster: clusterOf(desk, wanted.cluster).name,
    by: { key: by.key, name: by.name },
    origin: { ...place, account: by.account },
    text: visible(typed.text),
    onFailure: keep ? 'keep' : 'undo',
    ...(approval ? { approval } : {}),
  });
}
