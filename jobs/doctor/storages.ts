import { knownOnes } from '#base/suggest.ts';
import { askNodes } from '#proxmox/ask-nodes.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import { lacksAny, type Need } from '#proxmox/roles.ts';
import { listStorages } from '#proxmox/storage.ts';
import type { Storage } from '#proxmox/storage-rows.ts';
import { bad, type Finding, good, skipped } from './finding.ts';
import { notHeard } from './not-heard.ts';

const uses = [
  ['disks', 'images'],
  ['images', 'import'],
  ['seeds', 'iso'],
] as const;

type Seen = { readonly node: string; readonly storages: readonly Storage[] };

/** Whether each configured storage is there on every node, enabled, active, and takes what it is for. */
export async function examineStorages(
  cluster: Cluster,
  online: readonly string[],
  missing: readonly Need[],
): Promise<Finding[]> {
  const { api, settings } = cluster;
  const { answers, silent } = await askNodes(cluster, online, (node, signal) => listStorages(api, node, signal));
  const found = [...answers].map(([node, storages]) => ({ node, storages }));
  const late = silent.length > 0 ? [notHeard('Storages', cluster, silent)] : [];
  if (found.length === 0) return late;
  const names = [...new Set(found.flatMap(({ storages }) => storages.map(({ storage }) => storage)))].sort();
  const findings = uses.flatMap(([use, content]): Finding[] => {
    const name = settings.storages[use];
    const topic = `Storage for ${use}`;
    const place = `storages.${use}`;
    if (!names.includes(name)) {
      if (lacksAny(missing, `/storage/${name}`)) return [skipped(topic, unseen('storage', name, names))];
      return [
        bad(topic, `There is no storage ${name}.`, `Name one of the cluster’s as ${place}. ${knownOnes(name, names)}`),
      ];
    }
    const faults = faultsOf(found, name, content, place);
    if (faults.length > 0) return faults.map(({ text, next }) => bad(topic, text, next));
    const shared = found.every(({ storages }) => storages.find(({ storage }) => storage === name)?.shared);
    const where = [...answers.keys()].join(', ');
    return [good(topic, `${name} takes ${content} on ${where}${shared ? ', shared by all' : ''}.`)];
  });
  return [...late, ...findings];
}

/** Of something that the token may not use, and that need not be there at all. */
export function unseen(kind: 'storage' | 'bridge', name: string, seen: readonly string[]): string {
  const others = seen.length === 0 ? `it sees no ${kind} at all` : `it sees ${seen.join(', ')}`;
  return `The token sees no ${kind} ${name}: it lacks privileges there, or there is none of that name (${others}).`;
}

interface Fault {
  readonly text: string;
  readonly next: string;
}

/** One for each thing that is wrong, with the nodes where it is. */
function faultsOf(found: readonly Seen[], name: string, content: string, place: string): Fault[] {
  const here = found.map(({ node, storages }) => ({ node, storage: storages.find((one) => one.storage === name) }));
  const where = (is: (storage: Storage | undefined) => boolean) =>
    here.filter(({ storage }) => is(storage)).map(({ node }) => node);
  const nodes = where((storage) => storage !== undefined);
  const absent = where((storage) => storage === undefined);
  const disabled = where((storage) => storage?.enabled === false);
  const away = where((storage) => storage?.enabled === true && !storage.active);
  const other = where((storage) => storage !== undefined && !storage.content.includes(content));
  const takes = here.find(({ storage }) => storage)?.storage?.content ?? [];
  const fault = (places: readonly string[], text: string, next: string) =>
    places.length === 0 ? [] : [{ text: `${text} ${places.join(', ')}.`, next }];
  return [
    ...fault(
      absent,
      `${name} is on ${nodes.join(', ')}, and not on`,
      `Let those nodes use it (pvesm set ${name} --nodes …), or leave them out with \`nodes\`.`,
    ),
    ...fault(disabled, `${name} is disabled on`, `pvesm set ${name} --disable 0`),
    ...fault(
      away,
      `${name} is enabled and not active on`,
      `Is it mounted, and its server up? On the node: pvesm status --storage ${name}`,
    ),
    ...fault(
      other,
      `${name} does not take ${content} on`,
      `pvesm set ${name} --content ${[...takes, content].join(',')}   (or name another storage as ${place})`,
    ),
  ];
}
