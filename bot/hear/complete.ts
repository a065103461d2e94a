import type { Completion, Person, Place } from '#chat/platform.ts';
import type { Command } from '#commands/command.ts';
import type { Office } from '../office.ts';
import { may } from './may.ts';
import { knownWords } from './words.ts';

const most = 12;

/** What could be typed at the end of this line, best first. Commands that the person may not use are left out; an empty line gets examples. */
export async function completeLine(office: Office, text: string, by: Person, place: Place): Promise<Completion[]> {
  const table = office.desk.table.filter((command) => may(office, command, by));
  if (text.trim() === '') return examples(table);
  const words = text.replace(/^\//, '').split(/\s+/);
  const command = table.find(
    ({ path }) => path === words.slice(0, path.split(' ').length).join(' ') && words.length > path.split(' ').length,
  );
  if (!command) return commandsLike(table, words.join(' '));
  return wordsLike(office, place, command, words.slice(command.path.split(' ').length), text);
}

function examples(table: readonly Command[]): Completion[] {
  const wanted = ['vm create', 'vm list', 'help'];
  const found = wanted.flatMap((path) => table.find((command) => command.path === path) ?? []);
  return found.map(({ example, about }) => ({ line: example, label: example, about }));
}

function commandsLike(table: readonly Command[], start: string): Completion[] {
  const fitting = table.filter(({ path }) => path.startsWith(start.toLowerCase()));
  return fitting.slice(0, most).map(({ path, about }) => ({ line: `/${path} `, label: `/${path}`, about }));
}

async function wordsLike(
  office: Office,
  place: Place,
  command: Command,
  words: readonly string[],
  text: string,
): Promise<Completion[]> {
  const last = words.at(-1) ?? '';
  const before = text.slice(0, text.length - last.length);
  const flag = words.at(-2)?.startsWith('--') ? words.at(-2)?.slice(2) : undefined;
  const option = flag === undefined ? undefined : command.args[flag];
  if (option && option.kind !== 'flag') {
    const known = option.choices ?? (option.complete ? await knownWords(office, option.complete, place) : []);
    return offer(known.map((word) => ({ word, about: option.about })));
  }
  if (last.startsWith('-')) {
    const flags = Object.entries(command.args).filter(([name, arg]) => !arg.positional && !words.includes(`--${name}`));
    return offer(flags.map(([name, arg]) => ({ word: `--${name}`, about: arg.about })));
  }
  const free = words
    .slice(0, -1)
    .filter((word, i, all) => !word.startsWith('--') && !takesValue(command, all[i - 1])).length;
  const [, next] = Object.entries(command.args).filter(([, arg]) => arg.positional)[free] ?? [];
  if (!next?.complete) return [];
  return offer((await knownWords(office, next.complete, place)).map((word) => ({ word, about: next.about })));

  function offer(found: readonly { word: string; about: string }[]): Completion[] {
    const start = last.toLowerCase();
    const fitting = found.filter(({ word }) => word.toLowerCase().startsWith(start));
    return fitting.slice(0, most).map(({ word, about }) => ({ line: `${before}${word} `, label: word, about }));
  }
}

function takesValue(command: Command, word: string | undefined): boolean {
  const arg = word?.startsWith('--') ? command.args[word.slice(2)] : undefined;
  return arg !== undefined && arg.kind !== 'flag';
}
