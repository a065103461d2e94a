import { closest, distance } from 'fastest-levenshtein';

/** The word that was probably meant; undefined when none is near. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = word.toLowerCase();
  const started = known.filter((candidate) => lower.length > 1 && candidate.toLowerCase().startsWith(lower));
  if (started.length === 1) return started[0];
  const best = closest(lower, known as string[]);
  return distance(lower, best.toLowerCase()) <= Math.max(1, Math.floor(word.length / 3)) ? best : undefined;
}

/** The second half of `There is no size "huge".`: `Did you mean large? Known: small, medium, large.` Each is shown with `prefix`. */
export function knownOnes(word: string, known: readonly string[], prefix = ''): string {
  const meant = suggest(word, known);
  const shown = known.slice(0, 12).map((one) => prefix + one);
  const list = known.length === 0 ? 'There are none.' : `Known: ${shown.join(', ')}${known.length > 12 ? ' …' : ''}.`;
  return meant === undefined ? list : `Did you mean ${prefix}${meant}? ${list}`;
}
