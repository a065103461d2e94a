import { knownOnes } from '#base/suggest.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import type { Permissions, Version } from '#proxmox/nodes.ts';
import { readPools } from '#proxmox/pools.ts';
import { type Need, requiredPrivileges } from '#proxmox/roles.ts';
import { bad, type Finding, good, skipped } from './finding.ts';

/** The pools that VMs of a cluster are put into: its own, and those that channels name. */
export function poolsOf({ settings }: Cluster, channelPools: readonly string[]): string[] {
  return [...new Set([...(settings.pool === undefined ? [] : [settings.pool]), ...channelPools])];
}

/**
 * What is needed of channels' pools beside the cluster's own: all that is needed there where the token is kept to a
 * pool, and else that it sees them or may fill them.
 */
export function poolNeeds(
  { settings }: Cluster,
  version: Version,
  channelPools: readonly string[],
  permissions: Permissions,
): Need[] {
  const others = channelPools.filter((pool) => pool !== settings.pool);
  return others.flatMap((pool): Need[] => {
    const path = `/pool/${pool}`;
    if (settings.pool !== undefined) {
      return requiredPrivileges({ ...settings, pool }, version).filter(({ paths }) => paths.includes(path));
    }
    const mayFill = permissions[path]?.['VM.Allocate'] !== undefined;
    return mayFill ? [] : [{ paths: [path], privileges: ['Pool.Audit'] }];
  });
}

/** Whether each pool is there, as far as the token sees them. */
export async function examinePools(
  { api, name: cluster }: Cluster,
  pools: readonly string[],
  permissions: Permissions,
): Promise<Finding[]> {
  if (pools.length === 0) return [];
  const there = await readPools(api);
  return pools.map((pool): Finding => {
    if (there.includes(pool)) return good('Pool', `There is a pool ${pool}.`);
    const may = permissions[`/pool/${pool}`] ?? {};
    if (may['Pool.Audit'] !== undefined) {
      const next = `Make it (pveum pool add ${pool}), or put \`pool\` right in the configuration. ${knownOnes(pool, there)}`;
      return bad('Pool', `There is no pool ${pool} in ${cluster}.`, next);
    }
    const unseen = `whether there is such a pool takes Pool.Audit on /pool/${pool} to see`;
    if (may['VM.Allocate'] !== undefined) return good('Pool', `The token may put VMs into ${pool}; ${unseen}.`);
    return skipped('Pool', `${pool} was not looked at: ${unseen}.`);
  });
}
