import type { Engine } from './engine.ts';
import { call } from './scripts.ts';

/**
 * Looks for what should not be there: places held by runs that have ended. Nothing is ever left behind by a commit, but people
 * delete keys by hand, and a Redis may have lost its last second.
 */
export async function cleanUp(engine: Engine): Promise<number> {
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
