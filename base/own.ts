/** What a person's word stands for in a table; `constructor` and its like, which every object has, stand for nothing. */
export function own<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
