import { spellSilence } from '#proxmox/ask-nodes.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import { type Finding, warn } from './finding.ts';

/** Of nodes that did not answer in time, so that nothing can be said of them. */
export const notHeard = (topic: string, cluster: Cluster, silent: readonly string[]): Finding =>
  warn(
    topic,
    `${spellSilence(cluster, silent)}; nothing new is made there.`,
    'A storage that hangs does that: `pvesm status` on the node shows which. Then restart pvestatd and pvedaemon there.',
  );
