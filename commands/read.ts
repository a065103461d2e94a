import { UserError } from '#base/errors.ts';
import { own } from '#base/own.ts';
import { knownOnes } from '#base/suggest.ts';
import type { Arg, Args, Values } from './args.ts';
import type { Command } from './command.ts';

/**
 * The values in the words after a command's path: `k8s-dev medium --cpus 4 --dry-run`. Flags may stand anywhere, as `--cpus 4` or `--cpus=4`.
 * Throws a `UserError` with the command's example for whatever does not fit.
 */
export function readArgs<A extends Args>(command: Command<A>, words: readonly string[]): Values<A> {
  const raw = collect(command, words);
  const values: Record<string, unknown> = {};
  for (const [name, arg] of Object.entries(command.args)) {
    const texts = raw.get(name) ?? [];
    if (arg.many)
      values[name] = texts.flatMap((text) => text.split(',')).map((text) => convert(command, name, arg, text));
    else if (arg.kind === 'flag') values[name] = texts.length > 0;
    else if (texts[0] !== undefined) values[name] = convert(command, name, arg, texts[0]);
    else if (arg.required) throw wrong(command, `${path(command)} needs ${name}: ${lowerFirst(arg.about)}`);
  }
  return values as Values<A>;
}

function collect(command: Command, words: readonly string[]): Map<string, string[]> {
  const raw = new Map<string, string[]>();
  const free = Object.keys(command.args).filter((name) => command.args[name]?.positional);
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    // `-c 4`, `-cpus 4`: there are no short options, and no value begins so.
    if (/^-[a-z]/i.test(word)) throw unknownOption(command, word, cut(word.slice(1))[0]);
    if (!word.startsWith('--')) {
      rest.push(word);
      continue;
    }
    const [name = '', inline] = cut(word.slice(2));
    const arg = own(command.args, name);
    if (!arg) throw unknownOption(command, word, name);
    const next = words[i + 1];
    if (arg.kind === 'flag') {
      if (inline !== undefined) throw wrong(command, `--${name} takes no value, and got "${inline}".`);
      put(name, '');
    } else if (inline !== undefined) put(name, inline);
    else if (next === undefined || next.startsWith('--'))
      throw wrong(command, `--${name} needs a value: ${lowerFirst(arg.about)}`);
    else {
      put(name, next);
      i++;
    }
  }
  for (const word of rest) {
    const name = free.find((candidate) => !raw.has(candidate));
    if (name === undefined) throw wrong(command, `${path(command)} does not know what to do with "${word}".`);
    put(name, word);
  }
  return raw;

  function put(name: string, text: string) {
    const sofar = raw.get(name);
    if (sofar && !command.args[name]?.many) throw wrong(command, `${name} is given twice.`);
    raw.set(name, [...(sofar ?? []), text]);
  }
}

function unknownOption({ path, args, example }: Command, word: string, name: string): UserError {
  const [bare] = cut(word);
  const synonym = Object.entries(args).find(([, { synonyms }]) => synonyms?.includes(name.toLowerCase()));
  const known = knownOnes(synonym?.[0] ?? name, Object.keys(args), '--');
  return new UserError(`/${path} has no option ${bare}. ${known}`, { hint: example });
}

function convert(command: Command, name: string, arg: Arg, text: string): string | number {
  switch (arg.kind) {
    case 'whole':
      return within(command, name, arg, /^\d+$/.test(text) ? Number(text) : Number.NaN, text, 'a whole number');
    case 'gib':
      return within(command, name, arg, amount(text, 1024), text, 'an amount such as 40G, 40GiB or 1T');
    case 'mib':
      return within(command, name, arg, amount(text, 1), text, 'an amount such as 4G, 4GiB or 4096M');
    case 'choice':
      if (arg.choices?.includes(text.toLowerCase())) return text.toLowerCase();
      throw wrong(command, `${name} can't be "${text}". ${knownOnes(text, arg.choices ?? [])}`);
    default:
      if (text.trim() === '') throw wrong(command, `${name} is empty.`);
      return text;
  }
}

function within(command: Command, name: string, arg: Arg, value: number, text: string, what: string): number {
  if (!Number.isSafeInteger(value)) throw wrong(command, `${name} must be ${what}, and is "${text}".`);
  if (arg.min !== undefined && value < arg.min)
    throw wrong(command, `${name} must be at least ${arg.min}, and is ${text}.`);
  if (arg.max !== undefined && value > arg.max)
    throw wrong(command, `${name} must be at most ${arg.max}, and is ${text}.`);
  return value;
}

/** `4G`, `4GiB`, `4096M`, `4096` as a number of units of `unitMiB` MiB. A bare number is taken in the unit itself. */
function amount(text: string, unitMiB: number): number {
  const match = /^(\d+(?:\.\d+)?)\s*([mgt]?)(?:i?b)?$/i.exec(text);
  if (!match) return Number.NaN;
  const letter = (match[2] ?? '').toLowerCase();
  if (letter === '') return Number(match[1]);
  const mib = Number(match[1]) * { m: 1, g: 1024, t: 1024 * 1024 }[letter as 'm' | 'g' | 't'];
  return mib / unitMiB;
}

const cut = (text: string): [string, string | undefined] => {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
};
const path = (command: Command) => `/${command.path}`;
const wrong = (command: Command, message: string) => new UserError(message, { hint: command.example });
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
