import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { capitalized } from '#base/capitalized.ts';
import { type Clock, systemClock } from '#base/clock.ts';
import { sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { ChatPlatform } from '#chat/platform.ts';
import type { PlatformState } from '#commands/desk.ts';

/** Whether people can be heard and told, platform by platform. */
export interface HealthWatch {
  /** What every gateway that runs says of its platforms, this one's as it is now. */
  read(): Promise<readonly PlatformState[]>;
  /** Says at once what is wrong with a platform, without waiting whether it passes by itself. */
  tell(platform: string): void;
  readonly done: Promise<void>;
}

interface Options {
  readonly platforms: ReadonlyMap<string, Pick<ChatPlatform, 'name' | 'health'>>;
  readonly redis: Redis;
  readonly prefix: string;
  readonly log: Log;
  /** Tells whoever started this process. */
  readonly say: (line: string) => void;
  readonly clock?: Clock;
}

const State = z.object({
  gateway: z.string(),
  platform: z.string(),
  health: z.union([
    z.object({ up: z.literal(true), but: z.string().exactOptional() }),
    z.object({ up: z.literal(false), why: z.string() }),
  ]),
});

const everyMs = 1000;
/** A connection that is back by then was not worth a word. */
const graceMs = 3000;
/** What a gateway says is believed so long; it says it again in a third of that. */
const believedMs = 30_000;

/** Looks after the health of this gateway's platforms until the signal is aborted: each change is told in the log and to whoever started the process, and stands in Redis for all gateways. */
export function watchHealth(options: Options, signal: AbortSignal): HealthWatch {
  const { platforms, redis, prefix, log, say, clock = systemClock } = options;
  const id = crypto.randomUUID();
  const gateway = `${hostname()}-${process.pid}`;
  const index = `${prefix}:gateways`;
  const keyOf = (one: string) => `${prefix}:gateway:${one}`;
  const told = new Map<string, string>();
  const wrongSince = new Map<string, number>();
  let written = '';
  let writtenAt = Number.NEGATIVE_INFINITY;

  const own = (): PlatformState[] =>
    [...platforms.values()].map((platform) => ({ gateway, platform: platform.name, health: platform.health() }));

  function look({ platform, health }: PlatformState, patienceMs: number): void {
    const trouble = health.up ? health.but : health.why;
    if (trouble === undefined) {
      wrongSince.delete(platform);
      if (told.delete(platform)) tellAll(platform, 'all is well again.', 'info');
      return;
    }
    const since = wrongSince.get(platform) ?? clock.now();
    wrongSince.set(platform, since);
    if (told.get(platform) === trouble || clock.now() - since < patienceMs) return;
    told.set(platform, trouble);
    tellAll(platform, trouble, health.up ? 'warn' : 'error');
  }

  function tellAll(platform: string, text: string, level: 'info' | 'warn' | 'error'): void {
    const line = `${capitalized(platform)}: ${text}`;
    log[level]({ platform }, line);
    say(line);
  }

  async function write(): Promise<void> {
    const now = JSON.stringify(own());
    if (now === written && clock.now() - writtenAt < believedMs / 3) return;
    await redis.multi().sadd(index, id).set(keyOf(id), now, 'PX', believedMs).exec();
    written = now;
    writtenAt = clock.now();
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      for (const state of own()) look(state, graceMs);
      await write().catch((error: unknown) => log.debug({ reason: sentence(error) }, 'the health could not be noted'));
      await clock.sleep(everyMs, signal).catch(() => undefined);
    }
    await redis
      .multi()
      .srem(index, id)
      .del(keyOf(id))
      .exec()
      .catch(() => undefined);
  }

  return {
    async read() {
      const others = (await redis.smembers(index)).filter((one) => one !== id);
      const texts = others.length === 0 ? [] : await redis.mget(others.map(keyOf));
      const gone = others.filter((_, at) => texts[at] === null);
      if (gone.length > 0) await redis.srem(index, ...gone);
      return [...own(), ...texts.flatMap((text) => (text ? State.array().parse(JSON.parse(text)) : []))];
    },
    tell(name) {
      for (const state of own()) if (state.platform === name) look(state, 0);
    },
    done: run(),
  };
}
