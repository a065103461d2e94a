import { capitalized } from '#base/capitalized.ts';
import { UserError } from '#base/errors.ts';
import { type Field, type Form, moreField } from '#chat/form.ts';
import { writeLine } from '#chat/menu.ts';
import type { Complaints } from '#chat/platform.ts';
import type { Arg } from '#commands/args.ts';
import type { Command } from '#commands/command.ts';
import { readArgs } from '#commands/read.ts';
import type { Office } from '../office.ts';
import type { FilledBy } from './heard.ts';

/** Whether a command that was typed without anything else is better asked for with a form than refused. */
export function wantsForm(command: Command, words: readonly string[]): boolean {
  if (words.length > 0 || command.answers) return false;
  return Object.values(command.args).some(
    ({ positional, required }) => positional && (required || command.risk !== 'read'),
  );
}

/** A form that is nothing but a builder of the command's line. */
export async function commandForm(office: Office, command: Command): Promise<Form> {
  const token = await office.buttons.token({ kind: 'form', command: command.path });
  const fields = Object.entries(command.args).map(([name, arg]) => fieldOf(name, arg));
  return { token, title: `/${command.path}`, about: command.about, send: 'Run', fields, takesMore: true };
}

const acronyms: Readonly<Record<string, string>> = { cpus: 'CPUs', vmid: 'VMID', ip: 'IP', dns: 'DNS', vm: 'VM' };

function fieldOf(name: string, arg: Arg): Field {
  const { about, required = false, choices } = arg;
  const label = acronyms[name] ?? capitalized(name).replaceAll('-', ' ');
  const base = { name, label, about, required };
  if (arg.kind === 'flag') return { ...base, kind: 'flag' };
  if (choices) return { ...base, kind: 'choice', choices };
  if (arg.complete && !arg.many) return { ...base, kind: 'word' };
  return { ...base, kind: 'text', max: 200 };
}

/** The line that a sent form stands for, or what is wrong with it, field by field. */
export function lineOfForm(command: Command, { values }: FilledBy): { text: string } | { complaints: Complaints } {
  const { [moreField]: more, ...given } = values;
  const complaints: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === true) continue;
    try {
      readArgs({ ...command, args: { [name]: onlyThis(command.args[name], name) } }, [`--${name}=${value}`]);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      complaints[name] = error.message;
    }
  }
  if (Object.keys(complaints).length > 0) return { complaints };
  const line = writeLine(command, given);
  return { text: typeof more === 'string' ? `${line} ${more.trim()}` : line };
}

function onlyThis(arg: Arg | undefined, name: string): Arg {
  if (arg) return arg;
  throw new UserError(`There is no field "${name}".`);
}
