const format = new Intl.ListFormat('en-GB');

/** `a, b and c`. */
export const spellList = (words: Iterable<string>): string => format.format(words);
