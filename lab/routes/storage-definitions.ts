import { allows } from '../access.ts';
import { flag, oneOf, optional, storageId, text } from '../params.ts';
import { badParameters, died } from '../problem.ts';
import { type Call, perm, type Route } from '../route.ts';

const before = ['btrfs', 'cephfs', 'cifs', 'dir', 'esxi'];
const after = ['iscsi', 'iscsidirect', 'lvm', 'lvmthin', 'nfs', 'pbs', 'rbd', 'zfs', 'zfspool'];
const storageType = text((value, profile) => {
  const known = [...before, ...(profile === '8.4' ? ['glusterfs'] : []), ...after];
  return oneOf(...known).wrong?.(value, profile);
});
const access = perm('/storage', 'Datastore.Allocate');
const settings = {
  content: optional(text()),
  disable: optional(flag),
  nodes: optional(text()),
  shared: optional(flag),
  delete: optional(text()),
};

/** Which storages there are, for the whole cluster. Whatever type is asked for, the lab keeps plain files. */
export const storageDefinitionRoutes: readonly Route[] = [
  { method: 'GET', path: '/storage', access: 'user', params: { type: optional(text()) }, run: listDefinitions },
  {
    method: 'POST',
    path: '/storage',
    access,
    params: {
      ...settings,
      storage: storageId,
      type: storageType,
      path: optional(text()),
      is_mountpoint: optional(text()),
    },
    run: add,
  },
  { method: 'PUT', path: '/storage/{storage}', access, params: settings, run: change },
  { method: 'DELETE', path: '/storage/{storage}', access, params: {}, run: remove },
];

function listDefinitions({ cluster, caller }: Call): unknown[] {
  const sees = (name: string) =>
    ['Datastore.Audit', 'Datastore.AllocateSpace'].some((right) =>
      allows(cluster.state, caller, `/storage/${name}`, right),
    );
  return cluster.state.storages
    .filter(({ storage }) => sees(storage))
    .map((storage) => ({
      storage: storage.storage,
      type: 'dir',
      path: storage.path,
      content: storage.content.join(','),
      digest: 'f8c0d50e4c0c43f94e72b08e1cde3ae9a8ce1450',
      ...(storage.shared ? { shared: 1 } : {}),
      ...(storage.disabled ? { disable: 1 } : {}),
    }));
}

function add({ cluster, values }: Call): unknown {
  const { storage = '', type = 'dir', path, content, shared } = values;
  if (type === 'dir' && path === undefined) throw badParameters({ path: 'property is missing and it is not optional' });
  if (cluster.state.storages.some((other) => other.storage === storage)) {
    throw died(`create storage failed: storage ID '${storage}' already defined`);
  }
  if (values.is_mountpoint !== undefined && values.is_mountpoint !== '0') {
    const why = `directory is expected to be a mount point but is not mounted: '${path}'`;
    throw died(`create storage failed: unable to activate storage '${storage}' - ${why}`);
  }
  cluster.state.storages.push({
    storage,
    path: path ?? `/mnt/pve/${storage}`,
    content: kinds(content ?? 'images'),
    shared: shared === '1' || !['dir', 'btrfs', 'lvm', 'lvmthin', 'zfspool'].includes(type),
    total: 500 * 1024 ** 3,
    disabled: false,
  });
  cluster.file.save();
  return { storage, type };
}

function change({ cluster, path, values }: Call): unknown {
  const at = cluster.state.storages.findIndex(({ storage }) => storage === path.storage);
  const found = cluster.state.storages[at];
  if (!found) throw died(`update storage failed: storage '${path.storage}' does not exist`);
  const content = values.content === undefined ? found.content : kinds(values.content);
  const disabled = values.disable === undefined ? found.disabled : values.disable === '1';
  cluster.state.storages[at] = { ...found, content, disabled };
  cluster.file.save();
  return { storage: found.storage, type: 'dir' };
}

function remove({ cluster, path }: Call): null {
  const before = cluster.state.storages.length;
  cluster.state.storages = cluster.state.storages.filter(({ storage }) => storage !== path.storage);
  if (cluster.state.storages.length === before)
    throw died(`delete storage failed: storage '${path.storage}' does not exist`);
  cluster.file.save();
  return null;
}

function kinds(content: string): string[] {
  return content.split(',').map((kind) => kind.trim());
}
