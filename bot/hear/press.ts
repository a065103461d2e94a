import { UserError } from '#base/errors.ts';
import type { Heard } from '#chat/platform.ts';
import type { Meaning } from '../cards/buttons.ts';
import { logCard } from '../cards/log-card.ts';
import { sentenceCard } from '../cards/sentence-card.ts';
import type { Office } from '../office.ts';
import { watch } from '../show/watchers.ts';
import { commandForm } from './command-form.ts';
import { rejectForm } from './forms.ts';
import type { PressedBy } from './heard.ts';
import { takeLine } from './take.ts';
import { castVote } from './vote.ts';
import { later } from './whisper.ts';

/** Carries out what a button means. */
export async function pressButton(office: Office, press: PressedBy): Promise<Heard> {
  const meaning = await office.buttons.meaning(press.token);
  if (!meaning) throw new UserError('This button is too old.', { hint: '/job list' });
  switch (meaning.kind) {
    case 'command':
      return takeLine(office, { ...press, text: meaning.text });
    case 'form':
      return openForm(office, meaning.command);
    case 'vote':
      await castVote(office, press, meaning);
      return 'private';
    case 'reject':
      return rejectForm(office, { run: meaning.run, revision: meaning.revision });
    case 'run':
      return act(office, press, meaning);
  }
}

async function openForm(office: Office, path: string): Promise<Heard> {
  const command = office.desk.table.find((one) => one.path === path);
  if (!command) throw new UserError(`There is no command /${path} any more.`);
  return commandForm(office, command);
}

async function act(office: Office, press: PressedBy, { run, verb }: Extract<Meaning, { kind: 'run' }>): Promise<Heard> {
  const { runs } = office.desk;
  const by = { key: press.by.key, name: press.by.name };
  const say = (text: string) => later(office, press, () => sentenceCard(text));
  switch (verb) {
    case 'log':
      return later(office, press, () => logCard(runs, run));
    case 'watch':
      return say(await watch(office, run, press.by));
    case 'plan':
      return takeLine(office, { ...press, text: `/job show ${run}` });
    default: {
      const answer = await { cancel: runs.cancel, retry: runs.retry, 'roll back': runs.rollBack, keep: runs.keep }[
        verb
      ](run, by);
      return answer === 'ok' ? 'private' : say(answer);
    }
  }
}
