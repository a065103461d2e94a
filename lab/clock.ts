/** The lab's time. It runs as the machine's does, and can be moved on, so that nobody has to wait for an hour to pass. */
export interface LabClock {
  /** ms since the epoch. */
  now(): number;
  /** Calls `act` once, after `lengthMs` of the lab's time. Answers what calls it off. */
  after(lengthMs: number, act: () => void): () => void;
  /** Moves time on; what has become due happens before this returns. */
  pass(lengthMs: number): void;
  stop(): void;
}

export function startClock(base: () => number): LabClock {
  const due = new Map<object, { readonly at: number; readonly act: () => void; readonly timer: NodeJS.Timeout }>();
  let moved = 0;
  const now = () => base() + moved;

  function happen(key: object): void {
    const found = due.get(key);
    if (!found) return;
    clearTimeout(found.timer);
    due.delete(key);
    found.act();
  }

  return {
    now,
    after(lengthMs, act) {
      const key = {};
      const timer = setTimeout(() => happen(key), lengthMs);
      timer.unref();
      due.set(key, { at: now() + lengthMs, act, timer });
      return () => {
        clearTimeout(timer);
        due.delete(key);
      };
    },
    pass(lengthMs) {
      moved += lengthMs;
      const ripe = [...due].filter(([, { at }]) => at <= now()).sort(([, a], [, b]) => a.at - b.at);
      for (const [key] of ripe) happen(key);
    },
    stop() {
      for (const { timer } of due.values()) clearTimeout(timer);
      due.clear();
    },
  };
}
