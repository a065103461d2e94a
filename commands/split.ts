import { UserError } from '#base/errors.ts';

/** No name, path or address is longer, and an error that says a word again stays readable. */
const longest = 255;

/** `/vm create "k8s dev" —cpus 4` → its words, with what phones and chat programs do to quotes and dashes put right. Throws a `UserError` when that is not possible. */
export function splitLine(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (const letter of tidy(line)) {
    if (quote !== undefined) {
      if (letter === quote) quote = undefined;
      else word = (word ?? '') + letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= '';
    } else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + letter;
    }
  }
  if (quote !== undefined) throw new UserError(`A quote (${quote}) is opened and never closed.`, { hint: line });
  if (word !== undefined) words.push(word);
  const long = words.find(({ length }) => length > longest);
  if (long === undefined) return words;
  throw new UserError(`"${long.slice(0, 40)}…" is ${long.length} letters long; a word may have ${longest}.`);
}

/** Without letters that show nothing: they come with what is copied, and some turn round the text after them. */
export function visible(line: string): string {
  return line.replace(/\p{Cf}|(?!\s)\p{Cc}/gu, '');
}

/** Smart quotes become plain ones; a long dash before a word is the `--` that somebody's keyboard replaced; odd spaces become spaces. */
function tidy(line: string): string {
  return visible(line)
    .replace(/[\u201C\u201D\u201E]/g, '"')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u00A0\u2007\u202F]/g, ' ')
    .replace(/(^|\s)[\u2012-\u2015\u2212]+(?=[a-z])/gi, '$1--');
}
