/** Something that runs until it is closed. `url` is where people find it, when they do. */
export interface Part extends AsyncDisposable {
  readonly url?: string;
}

/** Says a line to the process that started this one, if it listens. */
export function tellParent(line: string): void {
  if (process.connected) process.send?.({ line });
}

/**
 * Starts parts, tells the parent process (if it listens) that they are ready, and closes them in reverse order when a signal comes or the parent is gone.
 * Answers the exit code. A second signal, or 25 s without an end, leaves at once: what is under way is in Redis, and another worker goes on with it.
 */
export async function untilTold(start: () => Promise<readonly Part[]>): Promise<number> {
  const told = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
    process.on('disconnect', () => resolve());
  });
  const parts = await start().catch((error: unknown) => {
    // Otherwise the line to the parent keeps the process alive, which has nothing to do.
    if (process.connected) process.disconnect?.();
    throw error;
  });
  process.send?.({ ready: true, url: parts.find(({ url }) => url)?.url ?? null });
  await told;
  setTimeout(() => process.exit(1), 25_000).unref();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
  for (const part of parts.toReversed()) await part[Symbol.asyncDispose]();
  if (process.connected) process.disconnect?.();
  return 0;
}
