import { UserError } from '#base/errors.ts';
import { suggest } from '#base/suggest.ts';
import type { Command } from './command.ts';
import { splitLine } from './split.ts';

/** The command a line begins with, and the words after it. Throws a `UserError` that says what was probably meant. */
export function findCommand(table: readonly Command[], line: string): { command: Command; words: string[] } {
  const [first = '', ...more] = splitLine(line.trim());
  const noun = first.replace(/^\//, '').toLowerCase();
  if (noun === '') throw new UserError('Type a command.', { hint: '/help' });

  const verb = more[0]?.toLowerCase();
  const command = table.find(({ path }) => path === (path.includes(' ') ? `${noun} ${verb}` : noun));
  if (command) return { command, words: more.slice(command.path.split(' ').length - 1) };

  const ofNoun = table.filter(({ path }) => path.startsWith(`${noun} `));
  if (ofNoun.length > 0) throw unknownVerb(noun, verb, ofNoun, more.slice(1));
  const instead = nearest(table, noun, more);
  throw new UserError(`There is no command /${noun}.${instead ? ` Did you mean /${instead.meant}?` : ''}`, {
    hint: instead?.line ?? '/help',
    offers: instead ? [{ label: `Run ${instead.line}`, command: instead.line }] : [],
  });
}

/** `/vn list` → `/vm list`; and `/delete web`, where the noun is left out, → `/vm destroy web`. */
function nearest(
  table: readonly Command[],
  noun: string,
  more: readonly string[],
): { meant: string; line: string } | undefined {
  const exact = table.find((command) => verbOf(command) === noun || command.synonyms?.includes(noun));
  const nouns = [...new Set(table.map(({ path }) => path.split(' ')[0] ?? ''))];
  const meant = exact?.path ?? suggest(noun, nouns);
  return meant === undefined ? undefined : { meant, line: lineOf(meant, more) };
}

function unknownVerb(
  noun: string,
  verb: string | undefined,
  commands: readonly Command[],
  rest: readonly string[],
): UserError {
  const verbs = commands.map(verbOf);
  const can = `/${noun} can ${verbs.join(', ')}.`;
  if (verb === undefined) return new UserError(can, { hint: `/help ${noun}` });
  const synonym = commands.find(({ synonyms }) => synonyms?.includes(verb));
  const meant = synonym ? verbOf(synonym) : suggest(verb, verbs);
  if (!meant) return new UserError(`/${noun} cannot "${verb}". ${can}`, { hint: `/help ${noun}` });
  const instead = lineOf(`${noun} ${meant}`, rest);
  return new UserError(`/${noun} cannot "${verb}". Did you mean ${meant}? ${can}`, {
    hint: instead,
    offers: [{ label: `Run ${instead}`, command: instead }],
  });
}

const verbOf = ({ path }: Command) => path.split(' ')[1] ?? '';

/** The words as a line again, those with spaces in quotes. */
function lineOf(path: string, words: readonly string[]): string {
  const quoted = words.map((word) => (/^[^\s"']+$/.test(word) ? word : word.includes('"') ? `'${word}'` : `"${word}"`));
  return [`/${path}`, ...quoted].join(' ');
}
