import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const lookMs = 1_000;
/** The part of the time that goes into work, below which a collection of some 30 ms keeps nobody waiting. */
const quiet = 0.1;
/** A collection takes as much as a third of a small command: one right after each would be felt. */
const mostOftenMs = 5_000;
/** Less than this is not worth it. */
const worthBytes = 8 * 2 ** 20;

/**
 * Collects garbage in quiet moments until it is disposed of. V8 by itself collects when it needs room, so after a rush it would rest for hours on what the rush
 * left behind. Flags that make it collect early take half of the CPU in the rush instead (docs/performance.md).
 */
export function tidyWhenQuiet(): Disposable {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  let before = performance.eventLoopUtilization();
  let kept = 0;
  let collectedAt = 0;
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (utilization > quiet || used() - kept < worthBytes) return;
    if (performance.now() - collectedAt < mostOftenMs) return;
    collect();
    kept = used();
    collectedAt = performance.now();
  }, lookMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function used(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
