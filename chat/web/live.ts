import type { Clock } from '#base/clock.ts';
import { sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { WebEvent, WebStore } from './store.ts';

/** Somebody with the page open. */
interface Reader {
  readonly person: string;
  /** When their session ends, ms since the epoch. */
  readonly until: number;
  tell(event: WebEvent): void;
  /** The keys of everybody who is here. */
  greet(people: readonly string[]): void;
  /** Shows that the connection lives. */
  beat(): void;
  end(): void;
}

export interface Live {
  /** Resolves when events are being followed: whatever is read from the store after that misses nothing. */
  readonly ready: Promise<void>;
  /** From now on the reader is told everything; they leave by disposing. */
  join(reader: Reader): Disposable;
  /** Ends every reader's stream. */
  [Symbol.asyncDispose](): Promise<void>;
}

const beatMs = 10_000;
const hereMs = 25_000;

/** Follows the store once for everybody who has the page open at this gateway. */
export function openLive(options: { store: WebStore; clock: Clock; log: Log }): Live {
  const { store, clock, log } = options;
  const readers = new Set<Reader>();
  const stopping = new AbortController();
  const { signal } = stopping;
  const ready = Promise.withResolvers<void>();
  let here = '';
  const working = Promise.all([follow(), beat()]);

  return {
    ready: ready.promise,
    join(reader) {
      readers.add(reader);
      void greet(reader);
      return { [Symbol.dispose]: () => readers.delete(reader) };
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      ready.resolve();
      for (const reader of readers) reader.end();
      await working;
    },
  };

  async function follow(): Promise<void> {
    let cursor: string | undefined;
    while (!signal.aborted) {
      try {
        cursor ??= await store.cursor();
        ready.resolve();
        for await (const event of store.follow(cursor, signal)) {
          cursor = event.cursor;
          for (const reader of readers) reader.tell(event);
        }
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ reason: sentence(error) }, 'messages cannot be followed; trying again');
        await pause(1000);
      }
    }
  }

  async function beat(): Promise<void> {
    while (!signal.aborted) {
      await pause(beatMs);
      if (signal.aborted) return;
      for (const reader of readers) {
        if (reader.until <= clock.now()) reader.end();
        else reader.beat();
      }
      await greet();
    }
  }

  /** Notes who is here, and tells everybody when that changed; `fresh` is told in any case. */
  async function greet(fresh?: Reader): Promise<void> {
    if (readers.size === 0) return;
    try {
      const people = await store.greet([...new Set([...readers].map(({ person }) => person))], hereMs);
      const changed = people.join() !== here;
      here = people.join();
      for (const reader of readers) if (changed || reader === fresh) reader.greet(people);
    } catch (error) {
      log.debug({ reason: sentence(error) }, 'who is here cannot be told');
    }
  }

  function pause(lengthMs: number): Promise<void> {
    // Rejects only when we are stopping, and then the loop ends by itself.
    return clock.sleep(lengthMs, signal).catch(() => undefined);
  }
}
