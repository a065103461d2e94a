import { hostname } from 'node:os';
import { makeLog } from '#base/log.ts';
import { inTurns } from '#base/turns.ts';
import type { ChatPlatform } from '#chat/platform.ts';
import { openWeb } from '#chat/web/web.ts';
import type { Desk } from '#commands/desk.ts';
import { commands } from '#commands/table.ts';
import { followRuns } from '#jobs/engine/outbox.ts';
import { connectRedis } from '#jobs/engine/redis.ts';
import { openRuns } from '#jobs/engine/runs.ts';
import { jobs } from '#jobs/table.ts';
import { openButtons } from './buttons.ts';
import type { Config } from './config.ts';
import { makeListener } from './listener.ts';
import { showEvents } from './notifier.ts';
import type { Office } from './office.ts';
import { requireSafeRedis } from './preflight.ts';
import type { Part } from './stop.ts';
import { makeTools, prefixOf } from './tools.ts';
import { openWebStore } from './web-store.ts';

/** The part that talks to people. Any number of gateways may share one Redis. */
export async function startGateway(config: Config): Promise<Part & { readonly url: string }> {
  const log = makeLog('gateway', config.log.level);
  const prefix = prefixOf(config);
  const redis = connectRedis(config.redis.url, 'asking');
  await requireSafeRedis(redis, config);
  const tools = makeTools(config, redis, log);
  const runs = openRuns({ redis, prefix });
  const stopping = new AbortController();
  const desk: Desk = { table: commands, tools, runs, cluster: config.clusters[0]?.name ?? '', signal: stopping.signal };

  const store = openWebStore({ url: config.redis.url, prefix });
  const web = openWeb({ ...config.web, store, people: config.people, log });
  const platforms = new Map<string, ChatPlatform>([[web.name, web]]);
  const office: Office = {
    desk,
    rules: config.rules,
    jobs,
    buttons: openButtons(redis, prefix),
    platforms,
    redis,
    prefix,
    answering: inTurns(4),
    log,
  };

  const listener = makeListener(office);
  for (const platform of platforms.values()) await platform.start(listener);
  const following = followRuns(
    {
      url: config.redis.url,
      prefix,
      group: 'gateway',
      consumer: `${hostname()}-${process.pid}`,
      signal: stopping.signal,
      log,
    },
    (events) => showEvents(office, events),
  );
  return {
    url: web.url,
    async [Symbol.asyncDispose]() {
      for (const platform of platforms.values()) await platform.stop();
      stopping.abort();
      await following;
      await store[Symbol.asyncDispose]();
      await tools[Symbol.asyncDispose]();
      redis.disconnect();
    },
  };
}
