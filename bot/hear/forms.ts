import { plain } from '#base/card.ts';
import { UserError, withHint } from '#base/errors.ts';
import { type Form, isForm } from '#chat/form.ts';
import type { Complaints } from '#chat/platform.ts';
import type { Meaning } from '../cards/buttons.ts';
import type { Office } from '../office.ts';
import { lineOfForm } from './command-form.ts';
import type { FilledBy } from './heard.ts';
import { takeLine } from './take.ts';
import { castVote, nameOf } from './vote.ts';

/** Takes what somebody wrote into a form. Answers what is wrong with it; undefined when it was taken. */
export async function submitForm(office: Office, filled: FilledBy): Promise<Complaints | undefined> {
  try {
    const meaning = await office.buttons.meaning(filled.token);
    if (meaning?.kind === 'form') return await runCommand(office, filled, meaning.command);
    if (meaning?.kind === 'reject') {
      const why = filled.values.why;
      await castVote(office, filled, { ...meaning, yes: false, ...(typeof why === 'string' ? { reason: why } : {}) });
      return undefined;
    }
    if (meaning?.kind === 'name') {
      const { name = '' } = filled.values;
      await castVote(office, filled, { ...meaning, yes: true, typed: String(name) });
      return undefined;
    }
    throw new UserError('This form is too old: please open it again.');
  } catch (error) {
    // Whoever filled it in shall not have to type it again.
    if (error instanceof UserError) return { '': withHint(error) };
    throw error;
  }
}

async function runCommand(office: Office, filled: FilledBy, path: string): Promise<Complaints | undefined> {
  const command = office.desk.table.find((one) => one.path === path);
  if (!command) throw new UserError(`There is no command /${path} any more.`);
  const line = lineOfForm(command, filled);
  if ('complaints' in line) return line.complaints;
  // Nothing but the command's name: it would be asked for with this very form.
  if (isForm(await takeLine(office, { ...filled, text: line.text })))
    throw new UserError('Fill in at least one field.');
  return undefined;
}

/** Asks why, when somebody says no. */
export async function rejectForm(
  office: Office,
  vote: Omit<Extract<Meaning, { kind: 'reject' }>, 'kind'>,
): Promise<Form> {
  return {
    token: await office.buttons.token({ kind: 'reject', ...vote }),
    title: 'Reject',
    send: 'Reject',
    about: 'Whoever asked reads this.',
    fields: [{ name: 'why', label: 'Why', about: 'A sentence or two.', kind: 'long', required: false, max: 500 }],
  };
}

/** Asks whoever has nobody else to ask for the name of what it is about. */
export async function nameForm(office: Office, vote: Omit<Extract<Meaning, { kind: 'name' }>, 'kind'>): Promise<Form> {
  const run = await office.desk.runs.read(vote.run);
  return {
    token: await office.buttons.token({ kind: 'name', ...vote }),
    title: 'Are you sure?',
    send: 'Go on',
    about: run?.view ? `${plain(run.view.title)}: this can’t be taken back.` : 'This can’t be taken back.',
    fields: [
      { name: 'name', label: 'Name', about: `Type ${nameOf(run)} to go on.`, kind: 'text', required: true, max: 200 },
    ],
  };
}
