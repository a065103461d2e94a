import type { Engine } from './engine.ts';
import { cleanUp, makeJanitor } from './janitor.ts';
import { redisTrouble } from './redis-trouble.ts';
import { call } from './scripts.ts';

const atOnce = 100;
const cleanUpEvery = 30;

export interface Sweeper {
  look(run: string): Promise<void>;
  /** Whether this worker could take one more run. */
  free(): boolean;
}

/**
 * Rings for every run whose time has come: a lease that ended, a pause that is over, a question that expired, a bell that was
 * lost. When nobody follows the ring for a while although this worker has room, the queue is broken, and it looks itself.
 */
export function startSweep(engine: Engine, sweeper: Sweeper): { stop(): void } {
  const { times, log } = engine;
  const rung = new Map<string, { since: string; first: number; last: number }>();
  const janitor = makeJanitor(engine);
  let round = 0;
  let running = false;

  async function sweep(): Promise<void> {
    const due = await call(engine.redis, 'due', [engine.keys.open], [atOnce]);
    const now = performance.now();
    const seen = new Set<string>();
    for (let i = 0; i < due.length; i += 2) {
      const run = due[i] ?? '';
      const since = due[i + 1] ?? '';
      seen.add(run);
      const before = rung.get(run);
      if (before?.since !== since) {
        rung.set(run, { since, first: now, last: now });
        await engine.ring(run);
      } else if (now - before.first > 5 * times.sweep && sweeper.free()) {
        log.warn({ run }, 'nobody answers the doorbell; looking without it');
        rung.delete(run);
        void sweeper.look(run);
      } else if (now - before.last > 3 * times.sweep) {
        before.last = now;
        await engine.ring(run);
      }
    }
    for (const run of rung.keys()) if (!seen.has(run)) rung.delete(run);
    round += 1;
    if (round % cleanUpEvery === 0) await cleanUp(janitor);
  }

  const timer = setInterval(() => {
    if (running || engine.redis.status !== 'ready') return;
    running = true;
    sweep()
      .catch((error: unknown) => {
        if (!redisTrouble(error)) log.error({ err: error }, 'sweep failed');
      })
      .finally(() => {
        running = false;
      });
  }, times.sweep);
  return { stop: () => clearInterval(timer) };
}
