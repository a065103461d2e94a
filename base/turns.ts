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

/** A line in which one at a time has the turn, until it disposes of it, in the order in which they came. Who is aborted while waiting leaves it with the signal's reason. */
export function makeLine(): (signal: AbortSignal) => Promise<Disposable> {
  const waiting = new Set<() => void>();
  let busy = false;
  const pass = () => {
    const [next] = waiting;
    if (!next) busy = false;
    else if (waiting.delete(next)) next();
  };
  return async (signal) => {
    signal.throwIfAborted();
    if (busy) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      // Who was called up at the very same time keeps the turn.
      const leave = () => waiting.delete(resolve) && reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
      waiting.add(resolve);
      await promise.finally(() => signal.removeEventListener('abort', leave));
    }
    busy = true;
    return { [Symbol.dispose]: pass };
  };
}
