/** How often a task is looked at. Times in ms. */
interface Pace {
  /** How long to wait before the next look at a task that has gone on for so long. */
  pauseMs(elapsedMs: number): number;
  /** It ended after so long and so many looks, as far as was seen. */
  took(lengthMs: number, looks: number): void;
}

export const mostPauseMs = 1_000;
const firstPauseMs = 50;
/** No guest shuts down at once. */
const firstShutdownMs = 500;
const leastPauseMs = 150;

/** How long the last task of a kind took; a few numbers for each node. */
const lengths = new Map<string, number>();

/**
 * Each look costs the node a process and a TLS handshake, and whoever waits holds a place that others wait for. So a task is first looked at when
 * the last one of its kind had nearly ended, then in small steps for its length; one that takes longer, or is the first of its kind, is
 * looked at in pauses as long as it has gone on already. None is longer than a second.
 */
export function paceOf(
  cluster: string,
  { node, type, id }: { readonly node: string; readonly type: string; readonly id: string },
): Pace {
  // A clone is named by its source, whose size decides; others by their VM, each of which is started once or twice.
  const kind = [cluster, node, type, type === 'qmclone' ? id : ''].join('/');
  const usual = lengths.get(kind) ?? 0;
  return {
    pauseMs(elapsed) {
      if (elapsed < usual * nearly) return bounded(usual * nearly - elapsed, firstPauseMs);
      if (elapsed < usual * over) return bounded(usual * step, firstPauseMs);
      if (elapsed > 0) return bounded(elapsed, leastPauseMs);
      return type === 'qmshutdown' ? firstShutdownMs : firstPauseMs;
    },
    // One that had ended by the first look may have done so long before.
    took: (length, looks) => void lengths.set(kind, looks === 1 ? length * shorter : length),
  };
}

const nearly = 0.97;
const over = 1.2;
const step = 0.05;
const shorter = 0.85;
const bounded = (ms: number, least: number) => Math.min(Math.max(ms, least), mostPauseMs);
