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

  const nouns = [...new Set(table.map(({ path }) => path.split(' ')[0] ?? ''))];
  const verbs = table.filter(({ path }) => path.startsWith(`${noun} `)).map(({ path }) => path.split(' ')[1] ?? '');
  if (verbs.length > 0) throw unknownVerb(noun, verb, verbs, more.slice(1));
  const meant = suggest(noun, nouns);
  const instead = meant && [`/${meant}`, ...more].join(' ');
  throw new UserError(`There is no command /${noun}.${meant ? ` Did you mean /${meant}?` : ''}`, {
    hint: instead || '/help',
    offers: instead ? [{ label: `Run ${instead}`, command: instead }] : [],
  });
}

function unknownVerb(
  noun: string,
  verb: string | undefined,
  verbs: readonly string[],
  rest: readonly string[],
): UserError {
  const can = `/${noun} can ${verbs.join(', ')}.`;
  if (verb === undefined) return new UserError(can, { hint: `/help ${noun}` });
  const meant = suggest(verb, verbs);
  if (!meant) return new UserError(`/${noun} cannot "${verb}". ${can}`, { hint: `/help ${noun}` });
  const instead = [`/${noun}`, meant, ...rest].join(' ');
  return new UserError(`/${noun} cannot "${verb}". Did you mean ${meant}? ${can}`, {
    hint: instead,
    offers: [{ label: `Run ${instead}`, command: instead }],
  });
}
