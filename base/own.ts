/** What a person's word stands for in a table; `constructor` and its like, which every object has, stand for nothing. */
export function own<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

/** The name in a table that a person meant: as written, or else whatever the case of its letters. */
export function keyOf(table: Readonly<Record<string, unknown>>, word: string): string | undefined {
  if (Object.hasOwn(table, word)) return word;
  const lower = word.toLowerCase();
  return Object.keys(table).find((key) => key.toLowerCase() === lower);
}
