import { askNodes } from './ask-nodes.ts';
import type { Cluster } from './cluster.ts';
import { listContent, listStorages } from './storage.ts';
import { ownVolid, type VmVolumes } from './vm-volumes.ts';

/**
 * Volumes with a VM's number that its configuration does not name, on the storages that its node sees and the token may look at. They need not be
 * the VM's: clusters that share a storage may have a VM of the same number. `unseen` names storages that did not answer,
 * all of the node's when one of them keeps it from listing them.
 *
 * GET /nodes/{node}/storage, GET /nodes/{node}/storage/{storage}/content
 */
export async function findStrays(
  { api, settings }: Pick<Cluster, 'api' | 'settings'>,
  node: string,
  vmid: number,
  { goes, stays }: VmVolumes,
): Promise<{ readonly strays: readonly string[]; readonly unseen: readonly string[] }> {
  const named = new Set([...goes, ...stays].map(({ volid }) => volid));
  const { answers } = await askNodes({ settings }, [node], (_, signal) => listStorages(api, node, signal));
  const listed = answers.get(node);
  if (!listed) return { strays: [], unseen: [`every storage of ${node}`] };
  const storages = listed.filter(({ active, content }) => active && content.includes('images'));
  const seen = await Promise.allSettled(
    storages.map(({ storage }) =>
      listContent(api, node, storage, 'images', { vmid, signal: AbortSignal.timeout(patienceMs) }),
    ),
  );
  const strays = seen.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  return {
    strays: strays
      .map(({ volid }) => ownVolid(volid))
      .filter((volid) => !named.has(volid))
      .sort(),
    unseen: storages.flatMap(({ storage }, at) => (seen[at]?.status === 'rejected' ? storage : [])),
  };
}

/** A storage that hangs must not keep anybody from destroying a VM that is elsewhere. */
const patienceMs = 5_000;
