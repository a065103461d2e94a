const tickMs = 50;

/**
 * Calls `over` once, after `limitMs` (ms) in which this process was free to work; answers what calls that off. Time in which
 * the process itself stood still, since the machine was busy with others, does not count: ticks that come late are not made up.
 */
export function startPatience(limitMs: number, over: () => void): () => void {
  let left = Math.ceil(limitMs / tickMs);
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    over();
  }, tickMs);
  return () => clearInterval(timer);
}
