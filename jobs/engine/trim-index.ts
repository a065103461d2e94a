import type { Redis } from 'ioredis';
import type { Keys } from './keys.ts';

const atOnce = 500;
/** However much there is to do, other work of the worker is not held up for long. */
const mostPages = 20;

/**
 * Takes runs that are not remembered any more out of the index, a piece at each call and as much again as there is to do. Each call
 * goes on where the last one ended, so all of the index is seen in time, and nothing need be known about how a run ended.
 */
export function indexTrimmer(redis: Redis, keys: Keys): () => Promise<number> {
  let cursor = '-';

  async function page(): Promise<number> {
    const members = await redis.zrangebylex(keys.index, cursor, '+', 'LIMIT', 0, atOnce);
    cursor = members.length < atOnce ? '-' : `(${members.at(-1)}`;
    if (members.length === 0) return 0;
    const ask = redis.pipeline();
    for (const member of members) ask.exists(keys.run(member.slice(member.lastIndexOf('/') + 1)));
    const answers = (await ask.exec()) ?? [];
    // An answer that is missing says nothing: only what Redis says is not there goes.
    const forgotten = members.filter((_, at) => answers[at]?.[0] === null && answers[at][1] === 0);
    if (forgotten.length > 0) await redis.zrem(keys.index, ...forgotten);
    return forgotten.length;
  }

  return async () => {
    let trimmed = 0;
    for (let pages = 0; pages < mostPages; pages++) {
      const found = await page();
      trimmed += found;
      if (found === 0) break;
    }
    return trimmed;
  };
}
