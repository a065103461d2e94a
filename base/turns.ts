/** Runs what it is given, at most `most` at the same time, in the order in which it came. */
export function inTurns(most: number): <T>(act: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async (act) => {
    if (busy >= most) await new Promise<void>((go) => waiting.push(go));
    else busy++;
    try {
      return await act();
    } finally {
      // The place goes straight to the next one, so that nobody slips in between.
      const next = waiting.shift();
      if (next) next();
      else busy--;
    }
  };
}
