import type { Clock } from '#base/clock.ts';
import { RemoteError, sentence } from '#base/errors.ts';
import { readPermissionsAt } from '#proxmox/access.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import { readNodes, readVersion, type Version } from '#proxmox/nodes.ts';
import type { Need } from '#proxmox/roles.ts';
import type { Settings } from '../settings.ts';
import { bad, type Finding, good, skipped, warn } from './finding.ts';
import { examineBridge, examineClocks, examineNodes } from './places.ts';
import { examinePools, poolNeeds, poolsOf } from './pools.ts';
import { allMissing, allNeeds, examineRights } from './rights.ts';
import { examineStorages } from './storages.ts';
import { examineTemplates } from './templates.ts';

/**
 * What the bot needs of a cluster, looked at one thing after the other: reachable and trusted, version, token, privileges,
 * nodes, pools (its own and `channelPools`, which channels name), storages, bridge, clocks, templates. It reads only. An error of Proxmox becomes a finding; nothing is thrown for it.
 */
export async function examine(
  cluster: Cluster,
  settings: Settings,
  clock: Clock,
  channelPools: readonly string[] = [],
): Promise<Finding[]> {
  const { api } = cluster;
  const version = await readVersion(api).catch((error: unknown) => unreachable(error));
  if (!('release' in version)) return [version];
  const byNumber = Object.values(settings.templates).flatMap((entry) => ('vmid' in entry ? entry.vmid : []));
  const ofCluster = allNeeds(cluster, version, [...new Set(byNumber)]);
  const pools = poolsOf(cluster, channelPools);
  const places = [...ofCluster.flatMap(({ paths }) => paths), ...pools.map((pool) => `/pool/${pool}`)];
  const permissions = await readPermissionsAt(api, [...new Set(places)]);
  const needs = [...ofCluster, ...poolNeeds(cluster, version, channelPools, permissions)];
  const missing = allMissing(needs, permissions);
  const nodes = await readNodes(api);
  const wanted = nodes.filter(({ node }) => cluster.settings.nodes?.includes(node) ?? true);
  const online = wanted.filter((node) => node.online).map(({ node }) => node);
  // What there is to say of no node at all is said by `examineNodes`.
  const looks: readonly Promise<readonly Finding[]>[] =
    online.length === 0
      ? []
      : [
          examineStorages(cluster, online, missing),
          examineBridge(cluster, online, missing).then((one) => [one]),
          examineClocks(cluster, online, missing, () => clock.now()).then((one) => [one]),
          hidesTemplates(missing)
            ? Promise.resolve([skipped('Templates', 'Templates were not looked at: the token lacks privileges.')])
            : examineTemplates(cluster, settings, online),
        ];
  const pooled = examinePools(cluster, pools, permissions);
  const found = await Promise.all([pooled, ...looks].map((look) => look.catch((error: unknown) => [failure(error)])));
  return [
    good(
      'Connection',
      `${new URL(cluster.settings.hosts[0] ?? '').host} answers, its certificate is trusted, and the token ${cluster.settings.token.id} is good.`,
    ),
    examineVersion(version),
    ...(await examineRights(cluster, needs, missing, permissions)),
    ...examineNodes(nodes, cluster),
    ...found.flat(),
  ];
}

/** Without these neither templates nor whether their disks are shared can be seen. */
function hidesTemplates(missing: readonly Need[]): boolean {
  return missing.some(
    ({ paths, privileges }) => privileges.includes('VM.Audit') || paths.some((path) => path.startsWith('/storage/')),
  );
}

/** `GET /version` is open to every token, so its failure is about the way there, the certificate, or the token. */
function unreachable(error: unknown): Finding {
  if (!(error instanceof RemoteError)) throw error;
  return bad(
    'Connection',
    `${sentence(error)}.`,
    error.hint ?? 'Is the address right, and does a firewall let us through to port 8006?',
  );
}

function failure(error: unknown): Finding {
  if (!(error instanceof RemoteError)) throw error;
  return bad('Proxmox', `${sentence(error)}.`, error.hint ?? 'Look into the node’s journal: journalctl -u pvedaemon');
}

function examineVersion({ version, major, minor }: Version): Finding {
  if (major > 8 || (major === 8 && minor >= 3)) return good('Version', `It is Proxmox VE ${version}.`);
  return warn(
    'Version',
    `It is Proxmox VE ${version}, which can’t download cloud images to import: that came with 8.3.`,
    'Make templates by hand and name them in the catalog by their number, or upgrade.',
  );
}
