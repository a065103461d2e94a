import { hostname } from 'node:os';
import { systemClock as clock } from '#base/clock.ts';
import { ms } from '#base/duration.ts';
import { makeLog } from '#base/log.ts';
import type { Times } from '#jobs/engine/engine.ts';
import { startWorker } from '#jobs/engine/worker.ts';
import { jobs } from '#jobs/table.ts';
import { keepAddressIndex, type Pace } from '#jobs/vm/addresses/refresh.ts';
import type { Config } from './config.ts';
import { openLead } from './lead.ts';
import { openSafeRedis } from './preflight.ts';
import type { Part } from './stop.ts';
import { makeTools, prefixOf } from './tools.ts';

/**
 * A worker: carries out runs, and keeps the address index when it is its turn, until it is closed, then hands over what it has. Any number of them may run, anywhere. `times` overrides the engine's
 * usual ones, `pace` the address index's.
 */
export async function startBotWorker(
  config: Config,
  times: Partial<Times> = {},
  pace: Partial<Pace> = {},
): Promise<Part> {
  const log = makeLog('worker', config.log.level);
  const redis = await openSafeRedis(config, log);
  const tools = makeTools(config, redis, log);
  const worker = await startWorker({
    redis: config.redis.url,
    prefix: prefixOf(config),
    jobs,
    tools,
    name: `${hostname()}-${process.pid}`,
    concurrency: config.worker.concurrency,
    times: { ...timesOf(ms(config.worker.lease)), ...times },
    log,
  });
  const stopping = new AbortController();
  const lead = openLead(redis, prefixOf(config), log);
  const indexing = [...tools.clusters.values()].map((cluster) =>
    lead(
      `address-index:${cluster.name}`,
      (signal) => keepAddressIndex(cluster, { clock, log, pace }, signal),
      stopping.signal,
    ),
  );
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await worker[Symbol.asyncDispose]();
      await tools[Symbol.asyncDispose]();
      redis.disconnect();
      // After that: with Redis away a lease would be given back only when it is there again.
      await Promise.all(indexing);
    },
  };
}

/** A lease is renewed often enough to survive some lost answers, and looked for soon after its end. */
const timesOf = (leaseMs: number) => ({ lease: leaseMs, renew: leaseMs / 4, sweep: Math.min(2000, leaseMs / 8) });
