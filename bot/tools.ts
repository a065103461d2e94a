import type { Redis } from 'ioredis';
import { systemClock } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import { openShell } from '#guest/shell.ts';
import { makeKeys } from '#jobs/engine/keys.ts';
import { openRuns } from '#jobs/engine/runs.ts';
import type { Tools } from '#jobs/engine/world.ts';
import { connectApi } from '#proxmox/api.ts';
import { openAddressIndex } from '#proxmox/claims/address-index.ts';
import { openClaims } from '#proxmox/claims.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import type { Config } from './config.ts';
import { fetchText } from './fetch-text.ts';

/** Everything outside the process that jobs and commands may use, by the configuration. Closing it closes the connections to Proxmox. */
export function makeTools(config: Config, redis: Redis, log: Log): Tools & AsyncDisposable {
  const { sizes, templates, create, ssh } = config;
  const prefix = prefixOf(config);
  const clusters = new Map<string, Cluster>();
  for (const settings of config.clusters) {
    const { name } = settings;
    const api = connectApi(settings, { log });
    const claims = openClaims(redis, { prefix, cluster: name, underWay: makeKeys(prefix).open });
    const addresses = openAddressIndex(redis, { prefix, cluster: name });
    clusters.set(name, { name, api, settings, claims, addresses });
  }
  return {
    clusters,
    settings: { sizes, templates, create, ssh },
    openShell,
    fetchText,
    clock: systemClock,
    runs: openRuns({ redis, prefix, log }),
    async [Symbol.asyncDispose]() {
      for (const { api } of clusters.values()) await api[Symbol.asyncDispose]();
    },
  };
}

/** One hash tag for all keys, so that they are in one slot of a Redis cluster. */
export const prefixOf = (config: Config): string => `{${config.redis.prefix}}`;
