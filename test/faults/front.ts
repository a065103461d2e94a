import type { Config } from '#bot/config.ts';
import { startGateway } from '#bot/gateway.ts';
import { type Cable, openCable } from '../cable.ts';
import { type ConsoleUser, openConsole } from '../console.ts';
import { type OnSite, watched } from '../sites.ts';

/** A real gateway in this process that hangs on strings, as a puppet does: its connections to Redis and to people go through cables of ours, and at each site it can be held. */
export interface Front {
  readonly url: string;
  readonly redis: Cable;
  /** Somebody in front of its console. */
  readonly ana: ConsoleUser;
  /** As by `kill -9`. Answers what the site has to wait for. */
  die(): Promise<void>;
  /** As by SIGSTOP, until {@link thaw}. Answers what the site has to wait for. */
  freeze(): Promise<void>;
  thaw(): void;
  /** What is held is let go with an error, nothing it does reaches anybody any more. */
  leave(): Promise<void>;
}

/** Starts a gateway with this configuration, as `bot/main.ts gateway` does. */
export async function startFront(config: Config, onSite: OnSite): Promise<Front> {
  const redis = await openCable(config.redis.url);
  let held = Promise.withResolvers<void>();
  held.promise.catch(() => undefined);
  let gone = false;
  const gateway = await watched(
    (site) => {
      if (gone) return Promise.reject(new Error('This gateway is gone.'));
      return redis.isCut ? held.promise : onSite(site);
    },
    () => startGateway({ ...config, redis: { ...config.redis, url: redis.url } }),
  );
  const door = await openCable(gateway.url);
  const ana = await openConsole(door.url, 'ana', 'ops', () => undefined);
  let left: Promise<void> | undefined;
  async function end(): Promise<void> {
    gone = true;
    await ana[Symbol.asyncDispose]();
    for (const cable of [redis, door]) cable.cut();
    held.reject(new Error('This gateway is gone.'));
    await gateway[Symbol.asyncDispose]();
    await Promise.all([redis.close(), door.close()]);
  }
  return {
    url: door.url,
    redis,
    ana,
    die() {
      for (const cable of [redis, door]) cable.cut();
      return held.promise;
    },
    freeze() {
      for (const cable of [redis, door]) cable.pause();
      return held.promise;
    },
    thaw() {
      for (const cable of [redis, door]) cable.resume();
      held.resolve();
      held = Promise.withResolvers();
      held.promise.catch(() => undefined);
    },
    leave() {
      left ??= end();
      return left;
    },
  };
}
