import { distance } from 'fastest-levenshtein';

/** The word that was probably meant; undefined when none is near. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const started = known.filter((candidate) => lower.length > 1 && candidate.toLowerCase().startsWith(lower));
  if (started.length === 1) return started[0];
  const near = known
    .map((candidate) => ({ candidate, mistakes: mistakes(lower, candidate.toLowerCase()) }))
    .filter((one) => one.mistakes <= Math.max(1, Math.floor(word.length / 3)));
  return near.sort((one, other) => one.mistakes - other.mistakes)[0]?.candidate;
}

/** Letters too many, missing or wrong; two neighbours that changed places are one mistake. */
function mistakes(typed: string, meant: string): number {
  const at = [...typed].findIndex((letter, i) => letter !== meant[i]);
  const swapped = typed.slice(0, at) + typed.charAt(at + 1) + typed.charAt(at) + typed.slice(at + 2);
  return at >= 0 && swapped === meant ? 1 : distance(typed, meant);
}

/** The second half of `There is no size "huge".`: `Did you mean large? Known: small, medium, large.` Each is shown with `prefix`. */
export function knownOnes(word: string, known: readonly string[], prefix = ''): string {
  const meant = suggest(word, known);
  const shown = known.slice(0, 12).map((one) => prefix + one);
  const list = known.length === 0 ? 'There are none.' : `Known: ${shown.join(', ')}${known.length > 12 ? ', …' : '.'}`;
  return meant === undefined ? list : `Did you mean ${prefix}${meant}? ${list}`;
}
