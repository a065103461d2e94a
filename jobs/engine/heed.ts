/**
 * The work's answer; when it pays no heed to its signal, it is left behind: `graceMs` after the signal, or after `landed` has resolved, which must not
 * reject. Rejects with the signal's reason then.
 */
export async function heed<T>(
  work: Promise<T>,
  signal: AbortSignal,
  graceMs: number,
  landed: () => Promise<void> = async () => undefined,
): Promise<T> {
  const left = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  let settled = false;
  async function leave(): Promise<void> {
    await landed();
    if (!settled) timer = setTimeout(() => left.reject(signal.reason), graceMs);
  }
  const begin = () => void leave();
  if (signal.aborted) begin();
  signal.addEventListener('abort', begin, { once: true });
  try {
    return await Promise.race([work, left.promise]);
  } finally {
    settled = true;
    clearTimeout(timer);
    signal.removeEventListener('abort', begin);
    // What is left behind may still fail, and nobody is there to hear it.
    work.catch(() => undefined);
  }
}
