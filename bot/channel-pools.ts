import type { Config } from './config.ts';

/** The pools that channels name for a cluster; a channel that names no cluster is about the first one. */
export function channelPools({ channels, clusters }: Pick<Config, 'channels' | 'clusters'>, cluster: string): string[] {
  const here = channels.filter((channel) => (channel.cluster ?? clusters[0]?.name) === cluster);
  return [...new Set(here.flatMap(({ pool }) => pool ?? []))];
}
