/** Tells whoever waits that something became different. */
export interface Changes {
  tell(): void;
  /** Calls `look` after each change. Answers what ends it. */
  watch(look: () => void): () => void;
  /**
   * What `look` answers as soon as it is something (neither `undefined` nor `false` nor an empty list), looked at now and after each change.
   * Rejects after `withinMs` of real time, with `what` and what `show` then says.
   */
  until<T>(look: () => T, what: string, options?: { withinMs?: number; show?: () => string }): Promise<Found<T>>;
}

export type Found<T> = Exclude<T, undefined | false | null>;

export function makeChanges(): Changes {
  const watchers = new Set<() => void>();
  const watch = (look: () => void) => {
    watchers.add(look);
    return () => void watchers.delete(look);
  };
  return {
    tell() {
      for (const look of [...watchers]) look();
    },
    watch,
    until(look, what, { withinMs = 5_000, show = () => '' } = {}) {
      const found = look();
      if (isSomething(found)) return Promise.resolve(found);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          end();
          reject(new Error(`Waited ${withinMs} ms in vain for ${what}.\n${show()}`));
        }, withinMs);
        const end = watch(() => {
          try {
            const seen = look();
            if (!isSomething(seen)) return;
            clearTimeout(timer);
            end();
            resolve(seen);
          } catch (error) {
            clearTimeout(timer);
            end();
            reject(error);
          }
        });
      });
    },
  };
}

function isSomething<T>(found: T): found is Found<T> {
  return found !== undefined && found !== null && found !== false && !(Array.isArray(found) && found.length === 0);
}
