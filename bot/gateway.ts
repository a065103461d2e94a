import { hostname } from 'node:os';
import { makeLog } from '#base/log.ts';
import { inTurns } from '#base/turns.ts';
import type { ChatPlatform } from '#chat/platform.ts';
import { openWeb } from '#chat/web/web.ts';
import type { Desk } from '#commands/desk.ts';
import { commands } from '#commands/table.ts';
import { followRuns } from '#jobs/engine/outbox.ts';
import { openRuns } from '#jobs/engine/runs.ts';
import { jobs } from '#jobs/table.ts';
import { openButtons } from './cards/buttons.ts';
import { homeCard } from './cards/home-card.ts';
import { channelPools } from './channel-pools.ts';
import type { Config } from './config.ts';
import { groupsElsewhere, outsideElsewhere } from './groups-elsewhere.ts';
import { watchHealth } from './health.ts';
import { makeAuthorize } from './hear/authorizing.ts';
import { openChanges } from './hear/changes.ts';
import { makeListener } from './hear/listener.ts';
import { openLinks } from './identity/links.ts';
import { makeSelf } from './identity/self.ts';
import { openLead } from './lead.ts';
import type { Office } from './office.ts';
import { openPeople } from './people.ts';
import { openPlatforms, startPatiently } from './platforms.ts';
import { policyOf, policyWarnings } from './policy.ts';
import { openSafeRedis } from './preflight.ts';
import { markEvents } from './show/mark-events.ts';
import { startPump } from './show/pump.ts';
import type { Part } from './stop.ts';
import { makeTools, prefixOf } from './tools.ts';
import { startUpkeep } from './upkeep.ts';
import { openWebStore } from './web-store.ts';

/**
 * The part that talks to people. Any number of gateways may share one Redis. `say` tells whoever started it when a chat platform is in trouble, and when it is
 * no more.
 */
export async function startGateway(
  config: Config,
  say: (line: string) => void = () => {},
): Promise<Part & { readonly url: string }> {
  const log = makeLog('gateway', config.log.level);
  const prefix = prefixOf(config);
  const redis = await openSafeRedis(config, log);
  const tools = makeTools(config, redis, log);
  const runs = openRuns({ redis, prefix });
  const policy = policyOf(config);
  const rules = policyWarnings(config);
  for (const warning of rules) {
    log.warn(warning);
    say(`Rules: ${warning}`);
  }
  const stopping = new AbortController();
  const { signal } = stopping;
  const buttons = openButtons(redis, prefix);
  const people = openPeople(
    redis,
    prefix,
    config,
    groupsElsewhere(() => platforms, log),
    outsideElsewhere(() => platforms, log),
  );
  const home: Desk['self']['home'] = async (by) =>
    buttons.seal(await homeCard(office, by, { platform: web.name, channel: '' }));
  const self = makeSelf(() => office, openLinks(redis, prefix, people), home);
  const cluster = config.clusters[0]?.name ?? '';
  const desk: Desk = {
    ...{ table: commands, tools, runs, cluster, rules, signal, self },
    platforms: () => health.read(),
    channelPools: (name) => channelPools(config, name),
  };

  const store = openWebStore({ url: config.redis.url, prefix });
  const web = openWeb({ ...config.web, store, people: config.people, log });
  const others = await openPlatforms(config, { menu: commands, lead: openLead(redis, prefix, log), log });
  const platforms = new Map<string, ChatPlatform>([web, ...others].map((platform) => [platform.name, platform]));
  const office: Office = {
    ...{ desk, jobs, buttons, people, platforms, redis, prefix, log },
    policy,
    authorize: makeAuthorize({ policy, redis, prefix, log }),
    changes: openChanges(runs, config.limits),
    limits: config.limits,
    groups: config.groups,
    channels: config.channels,
    keepFor: config.keepFor,
    answering: inTurns(4),
  };

  const listener = makeListener(office);
  await web.start(listener);
  const health = watchHealth({ platforms, redis, prefix, log, say }, signal);
  const starting = others.map((platform) =>
    startPatiently(platform, { listener, log, failed: () => health.tell(platform.name) }, signal),
  );
  const pump = startPump(office, signal);
  const following = followRuns(
    { url: config.redis.url, prefix, group: 'gateway', consumer: `${hostname()}-${process.pid}`, signal, log },
    async (events) => {
      await markEvents(office, events);
      pump.wake();
    },
  );
  const upkeep = startUpkeep(office, signal);
  return {
    url: web.url,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all([...platforms.values()].map((platform) => platform.stop()));
      await Promise.all([...starting, following, pump.done, upkeep, health.done]);
      await store[Symbol.asyncDispose]();
      await tools[Symbol.asyncDispose]();
      redis.disconnect();
    },
  };
}
