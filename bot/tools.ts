import type { Redis } from 'ioredis';
import { systemClock } from '#base/clock.ts';
import { RemoteError } from '#base/errors.ts';
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

/** The text behind an address, at most 4 MiB. Throws a `RemoteError` that names the host. */
async function fetchText(url: string, signal: AbortSignal): Promise<string> {
  const { host } = new URL(url);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(30_000)]);
  let answer: Response;
  try {
    answer = await fetch(url, { signal: limited, redirect: 'follow' });
    const text = await answer.text();
    if (answer.ok && text.length <= 4 * 1024 * 1024) return text;
  } catch (error) {
    throw new RemoteError(host, `${url} can't be read: ${reason(error)}`, { outcome: 'passing', cause: error });
  }
  const outcome = answer.status >= 500 ? 'passing' : 'permanent';
  throw new RemoteError(host, `${url} answers ${answer.status} ${answer.statusText}`, { outcome });
}

function reason(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
