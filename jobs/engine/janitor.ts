import type { Engine } from './engine.ts';
import { endedStates, type RunState } from './record.ts';
import { call } from './scripts.ts';
import { indexTrimmer } from './trim-index.ts';

/** What {@link cleanUp} needs of a worker, and remembers from one time to the next. */
export interface Janitor {
  readonly engine: Engine;
  readonly trimIndex: () => Promise<number>;
}

export const makeJanitor = (engine: Engine): Janitor => ({
  engine,
  trimIndex: indexTrimmer(engine.redis, engine.keys),
});

/**
 * Looks for what should not be there: places and claims held by runs that have ended, and runs in the index that are forgotten. Nothing is ever left behind by a commit, but people
 * delete keys by hand, and a Redis may have lost its last second. Answers how many places there were.
 */
export async function cleanUp({ engine, trimIndex }: Janitor): Promise<number> {
  await releaseClaims(engine);
  const trimmed = await trimIndex();
  if (trimmed > 0) engine.log.debug({ trimmed }, 'forgotten runs taken out of the index');
  return releasePlaces(engine);
}

async function releaseClaims({ redis, keys, log, tools }: Engine): Promise<void> {
  for (const { name, claims } of tools.clusters.values()) {
    for (const run of await claims.owners()) {
      const [due, state] = await Promise.all([redis.zscore(keys.open, run), redis.hget(keys.run(run), 'state')]);
      if (due !== null || !(state === null || endedStates.has(state as RunState))) continue;
      await claims.release(run);
      log.warn({ run, cluster: name }, 'claims of an ended run released');
    }
  }
}

async function releasePlaces(engine: Engine): Promise<number> {
  const { redis, keys, log } = engine;
  const members = await redis.zrange(keys.places, '0', '-1');
  const holders = new Set(members.map((member) => member.slice(member.lastIndexOf('/') + 1)));
  let freed = 0;
  for (const run of holders) {
    const [count = '0', ...woken] = await call(redis, 'release', keys.of(run), [run]);
    freed += Number(count);
    for (const one of woken) await engine.ring(one);
  }
  if (freed > 0) log.warn({ freed }, 'places of ended runs released');
  return freed;
}
