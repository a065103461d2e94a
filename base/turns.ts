/** Runs what it is given, at most `most` at the same time, in the order in which it came. */
export function inTurns(most: number): <T>(act: () => Promise<T>) => Promise<T> {
  const enter = makeLine(most);
  return async (act) => {
    using _ = await enter();
    return await act();
  };
}

/**
 * A line in which `most` at a time have a turn, until they dispose of it, in the order in which they came. Who is aborted while waiting leaves it with the signal's
 * reason.
 */
export function makeLine(most = 1): (signal?: AbortSignal) => Promise<Disposable> {
  const waiting = new Set<() => void>();
  let busy = 0;
  // The place goes straight to the next one, so that nobody slips in between.
  const pass = () => {
    const [next] = waiting;
    if (!next) busy--;
    else if (waiting.delete(next)) next();
  };
  return async (signal) => {
    signal?.throwIfAborted();
    if (busy < most) busy++;
    else {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      // Who was called up at the very same time keeps the turn.
      const leave = () => waiting.delete(resolve) && reject(signal?.reason);
      signal?.addEventListener('abort', leave, { once: true });
      waiting.add(resolve);
      await promise.finally(() => signal?.removeEventListener('abort', leave));
    }
    return { [Symbol.dispose]: pass };
  };
}
