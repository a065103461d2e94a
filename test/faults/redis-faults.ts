import { readFileSync, truncateSync } from 'node:fs';
import type { RedisServer } from '../redis.ts';
import { aofOf } from './aof.ts';
import type { Fault, Moment } from './faults.ts';
import { frontSite } from './front-faults.ts';

/** What happens to Redis itself; only on a stage that has one of its own. */
export const redisFaults: readonly Fault[] = [
  ofRedis('Redis is killed and comes back at once', ({ later }, redis) => {
    const killed = redis.kill();
    later(60, () => killed.then(() => redis.restart()));
  }),
  ofRedis('Redis is killed and comes back after the lease', async ({ later, startHeir, random }, redis) => {
    await startHeir();
    const killed = redis.kill();
    later(800 + random() * 600, () => killed.then(() => redis.restart()));
  }),
  ofRedis('Redis stands still for a moment', ({ later }, redis) => {
    redis.freeze();
    later(250, () => redis.thaw());
  }),
  ofRedis('Redis stands still past the lease', async ({ later, startHeir, random }, redis) => {
    await startHeir();
    redis.freeze();
    later(800 + random() * 900, () => redis.thaw());
  }),
  ofRedis('Redis has no memory left for a while', async ({ later, play }) => {
    await play.stage.redis.config('SET', 'maxmemory', '1');
    later(400, () => play.stage.redis.config('SET', 'maxmemory', '0'));
  }),
  ofRedis('the disk of Redis is full for a while', ({ later }, redis) => {
    // What it writes next does not fit, and it ends itself.
    redis.fill(aofOf(redis).bytes);
    later(400, async () => {
      await redis.kill();
      await redis.restart();
    });
  }),
  {
    ...ofRedis('Redis loses everything', async ({ play }, redis) => {
      await play.loseRuns();
      await redis.wipe();
    }),
    forgets: true,
  },
  powerCut(),
];

const workerSite =
  /^(before|after) (\S.*\/(intent|saved|result|undone|failed|undo intent)|run\/(claim|plan|planned|started|undoing|finish|result)|claims\/\w+)$/;

function ofRedis(name: string, strike: (moment: Moment, redis: RedisServer) => void | Promise<void>): Fault {
  return {
    name,
    fits: (site) => workerSite.test(site) || frontSite.test(site),
    strike: (moment) => onRedis(moment, strike),
  };
}

/**
 * The newest of what it was given is gone, as after a power cut with `appendfsync everysec`; but nothing from before the run was planned,
 * and nothing that people decided: who loses that has to ask them again. */
function powerCut(): Fault {
  const planned = new WeakMap<object, number>();
  return {
    ...ofRedis('Redis loses the last moment', () => undefined),
    forgets: true,
    // People are about to decide something there.
    fits: (site) => workerSite.test(site),
    notice(site, { play }) {
      if (!/^after run\/plan(ned)?$|^before run\/claim$/.test(site)) return;
      const { server } = play.stage;
      if (server) planned.set(play, aofOf(server).bytes);
    },
    strike: (moment) =>
      onRedis(moment, async ({ play, random }, redis) => {
        const decided = await play.decided();
        await redis.kill();
        const { file, bytes } = aofOf(redis);
        const from = Math.max(planned.get(play) ?? bytes, decided);
        truncateSync(file, Math.max(from, endOfTransaction(file, bytes - Math.round((bytes - from) * random()))));
        await redis.restart();
      }),
  };
}

/** The case is not over before it has happened, even when the run has ended meanwhile. */
function onRedis(moment: Moment, strike: (moment: Moment, redis: RedisServer) => void | Promise<void>): Promise<void> {
  const done = Promise.resolve(strike(moment, ownRedis(moment)));
  moment.later(0, () => done);
  return done;
}

/**
 * The last end of a transaction before this byte. A file that ends between the commands of one is no good test of ours: Redis 7.0.15 takes them back in memory,
 * leaves them in the file, and has them again after its next start.
 */
function endOfTransaction(file: string, bytes: number): number {
  const exec = '$4\r\nEXEC\r\n';
  const at = readFileSync(file).lastIndexOf(exec, bytes - exec.length);
  return at < 0 ? 0 : at + exec.length;
}

function ownRedis({ play }: Moment): RedisServer {
  const { server } = play.stage;
  if (!server) throw new Error('This needs a stage with a Redis of its own.');
  return server;
}
