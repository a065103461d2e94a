import { UserError } from '#base/errors.ts';
import type { Heard } from '#chat/platform.ts';
import type { Meaning } from '../cards/buttons.ts';
import { logCard } from '../cards/log-card.ts';
import { sentenceCard } from '../cards/sentence-card.ts';
import type { Office } from '../office.ts';
import { watch } from '../show/watchers.ts';
import { actOnRun } from './act.ts';
import { commandForm } from './command-form.ts';
import { nameForm, rejectForm } from './forms.ts';
import type { PressedBy } from './heard.ts';
import { countCommand } from './pace.ts';
import { takeLine } from './take.ts';
import { castVote, mayDecide } from './vote.ts';
import { later } from './whisper.ts';

/** Carries out what a button means. */
export async function pressButton(office: Office, press: PressedBy): Promise<Heard> {
  const meaning = await office.buttons.meaning(press.token);
  if (!meaning) throw new UserError('This button is too old.', { hint: '/job list' });
  switch (meaning.kind) {
    case 'command':
      return takeLine(office, { ...press, text: meaning.text });
    case 'form':
      return openForm(office, press, meaning.command);
    case 'vote':
      await castVote(office, press, meaning);
      return 'private';
    case 'reject':
      await mayDecide(office, press.by, { run: meaning.run, yes: false });
      return rejectForm(office, { run: meaning.run, revision: meaning.revision });
    case 'name':
      await mayDecide(office, press.by, { run: meaning.run, yes: true, typedName: true });
      return nameForm(office, { run: meaning.run, revision: meaning.revision });
    case 'run':
      return act(office, press, meaning);
  }
}

async function openForm(office: Office, { by }: PressedBy, path: string): Promise<Heard> {
  const command = office.desk.table.find((one) => one.path === path);
  if (!command) throw new UserError(`There is no command /${path} any more.`);
  office.authorize({ kind: 'command', command }, by);
  return commandForm(office, command);
}

async function act(office: Office, press: PressedBy, { run, verb }: Extract<Meaning, { kind: 'run' }>): Promise<Heard> {
  if (verb !== 'plan') await countCommand(office, press, verb === 'cancel');
  switch (verb) {
    case 'log':
      mayRead(office, press);
      return later(office, press, () => logCard(office.desk.runs, run));
    case 'watch': {
      mayRead(office, press);
      const text = await watch(office, run, press.by);
      return later(office, press, () => sentenceCard(text));
    }
    case 'plan':
      return takeLine(office, { ...press, text: `/job show ${run}` });
    default:
      return actOnRun(office, press, { verb, run });
  }
}

/** What a button tells of a job is for those who may have it shown with a command. */
function mayRead(office: Office, { by }: PressedBy): void {
  office.authorize({ kind: 'command', command: { path: 'job show', risk: 'read' } }, by);
}
