export interface Limits {
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** The error when the time is over. */
  late(): Error;
}

/**
 * Waits for something that `start` begins and that ends by `done` or `fail`, for a limited time. When it fails, is late, or the signal is aborted, what
 * `start` answered is called to clear away.
 */
export function within<T>(
  { limitMs, signal, late }: Limits,
  start: (done: (value: T) => void, fail: (error: unknown) => void) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    let settled = false;
    let clear = () => {};
    const timer = setTimeout(() => fail(late()), limitMs);
    signal.addEventListener('abort', abort, { once: true });
    try {
      clear = start((value) => settle(() => resolve(value)), fail);
    } catch (error) {
      fail(error);
    }

    function abort() {
      fail(signal.reason);
    }
    function fail(error: unknown) {
      settle(() => {
        reject(error);
        clear();
      });
    }
    function settle(how: () => void) {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      how();
    }
  });
}
