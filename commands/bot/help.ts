import type { Card } from '#base/card.ts';
import { UserError } from '#base/errors.ts';
import { knownOnes } from '#base/suggest.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../command.ts';
import { tableCard } from '../show.ts';

export const help = defineCommand({
  path: 'help',
  about: 'What can be typed.',
  example: '/help vm create',
  risk: 'read',
  args: {
    noun: { kind: 'text', about: 'Only this: vm', positional: true, complete: 'command' },
    verb: { kind: 'text', about: 'Only this: create', positional: true },
  },
  run({ noun, verb }, desk) {
    const wanted = [noun?.replace(/^\//, ''), verb].filter(Boolean).join(' ').toLowerCase();
    if (wanted === '') return { answer: listing('Commands', desk.table) };
    const exact = desk.table.find(({ path }) => path === wanted);
    if (exact) return { answer: manual(exact) };
    const group = desk.table.filter(({ path }) => path.startsWith(`${wanted} `));
    if (group.length > 0) return { answer: listing(`/${wanted}`, group) };
    const [of = '', does = ''] = wanted.split(' ');
    const meant = desk.table.find(({ path, synonyms }) => path.startsWith(`${of} `) && synonyms?.includes(does));
    if (meant) {
      const line = `/help ${meant.path}`;
      throw new UserError(`There is no command "${wanted}". Did you mean ${meant.path}?`, {
        hint: line,
        offers: [{ label: `Run ${line}`, command: line }],
      });
    }
    throw new UserError(
      `There is no command "${wanted}". ${knownOnes(
        wanted,
        desk.table.map(({ path }) => path),
      )}`,
      { hint: '/help' },
    );
  },
});

function listing(title: string, commands: readonly Command[]): Card {
  const rows = commands.map((one) => [{ code: `/${one.path}` }, one.about, { code: one.example }]);
  return tableCard(title, ['Command', 'What it does', 'Example'], rows, 'There are no commands.');
}

function manual(command: Command): Card {
  const rows = Object.entries(command.args).map(([name, arg]) => [
    { code: arg.positional ? name.toUpperCase() : `--${name}` },
    arg.about + (arg.choices ? ` One of ${arg.choices.join(', ')}.` : '') + (arg.required ? ' Required.' : ''),
  ]);
  return {
    tone: 'info',
    fallback: `/${command.path}: ${command.about}`,
    blocks: [
      { kind: 'title', text: `/${command.path}` },
      { kind: 'text', text: command.about },
      { kind: 'code', text: command.example },
      ...(rows.length > 0 ? [{ kind: 'table' as const, columns: ['Word', 'Meaning'], rows }] : []),
    ],
  };
}
