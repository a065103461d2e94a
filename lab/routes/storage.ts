import { allows, need, needAny } from '../access.ts';
import type { Cluster } from '../cluster.ts';
import { engineVolume } from '../drive.ts';
import { flag, format, integer, oneOf, optional, text, vmid } from '../params.ts';
import { badParameters, died } from '../problem.ts';
import { readSize } from '../property.ts';
import { type Call, perm, permAny, type Route } from '../route.ts';
import { usedOn } from '../rows.ts';
import type { StorageSpec, VolumeRecord } from '../state.ts';
import { clonesOf, enabledStorage, findStorage, findVolume, pathOf, recordVolume, removeVolume } from '../volumes.ts';

const kinds = ['images', 'rootdir', 'vztmpl', 'iso', 'backup', 'snippets', 'import'];
const contentKind = format((value) =>
  value.split(',').every((kind) => kinds.includes(kind)) ? undefined : `invalid content type '${value}'`,
);
const base = '/nodes/{node}/storage/{storage}';
const mayLook = permAny('/storage/{storage}', 'Datastore.Audit', 'Datastore.AllocateSpace');

export const storageRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/nodes/{node}/storage',
    access: 'user',
    params: {
      content: optional(contentKind),
      enabled: optional(flag),
      format: optional(flag),
      storage: optional(text()),
      target: optional(text()),
    },
    run: listStorages,
  },
  { method: 'GET', path: `${base}/status`, access: mayLook, params: {}, run: storageStatus },
  {
    method: 'GET',
    path: `${base}/content`,
    access: mayLook,
    params: { content: optional(contentKind), vmid: optional(vmid) },
    run: listContent,
  },
  {
    method: 'POST',
    path: `${base}/content`,
    access: perm('/storage/{storage}', 'Datastore.AllocateSpace'),
    params: { vmid, filename: text(), size: text(), format: optional(oneOf('raw', 'qcow2', 'subvol', 'vmdk')) },
    run: allocate,
  },
  { method: 'GET', path: `${base}/content/{volume}`, access: 'user', params: {}, run: showVolume },
  {
    method: 'DELETE',
    path: `${base}/content/{volume}`,
    access: 'user',
    params: { delay: optional(integer(1, 30)) },
    run: deleteVolume,
  },
];

function visible({ cluster, caller }: Call): StorageSpec[] {
  return cluster.state.storages.filter(({ storage }) =>
    ['Datastore.Audit', 'Datastore.AllocateSpace'].some((right) =>
      allows(cluster.state, caller, `/storage/${storage}`, right),
    ),
  );
}

function listStorages(call: Call): unknown[] {
  const wanted = call.values.content?.split(',') ?? [];
  return visible(call)
    .filter((storage) => wanted.every((kind) => storage.content.includes(kind)))
    .filter((storage) => (call.values.storage ?? storage.storage) === storage.storage)
    .filter((storage) => call.values.enabled !== '1' || !storage.disabled)
    .map((storage) => ({ storage: storage.storage, ...sizes(call.cluster, storage, call.node) }));
}

function storageStatus({ cluster, node, path }: Call): unknown {
  const storage = cluster.state.storages.find((candidate) => candidate.storage === path.storage);
  if (!storage) throw badParameters({ storage: 'No such storage.' });
  return sizes(cluster, storage, node);
}

function sizes(cluster: Cluster, storage: StorageSpec, node: string): Record<string, unknown> {
  const common = { type: 'dir', content: storage.content.join(','), shared: storage.shared ? 1 : 0 };
  if (storage.disabled) return { ...common, active: 0, enabled: 0, total: 0, used: 0, avail: 0 };
  const used = usedOn(cluster, storage.storage, node);
  const { total } = storage;
  return { ...common, active: 1, enabled: 1, total, used, avail: total - used, used_fraction: used / total };
}

function listContent({ cluster, node, path, values }: Call): unknown[] {
  const storage = enabledStorage(cluster.state, path.storage ?? '');
  return cluster.state.volumes
    .filter((volume) => volume.storage === storage.storage && (volume.node ?? node) === node)
    .filter((volume) => values.content === undefined || values.content.split(',').includes(volume.content))
    .filter((volume) => values.vmid === undefined || volume.vmid === Number(values.vmid))
    .map((volume) => contentRow(volume));
}

function contentRow(volume: VolumeRecord): Record<string, unknown> {
  const { content, format: kind, size, ctime } = volume;
  if (content !== 'images') return { volid: volume.volid, content, format: kind, size, ctime };
  const name = volume.volid.slice(volume.volid.indexOf(':') + 1);
  const volid = volume.parent === undefined ? volume.volid : `${volume.parent}/${name}`;
  const parent = volume.parent === undefined ? null : `../${volume.parent.slice(volume.parent.indexOf(':') + 1)}`;
  return { volid, content, format: kind, size, used: volume.used, parent, vmid: volume.vmid, ctime };
}

async function allocate({ cluster, node, path, values }: Call): Promise<string> {
  const storage = enabledStorage(cluster.state, path.storage ?? '');
  const id = Number(values.vmid);
  const volid = `${storage.storage}:${id}/${values.filename}`;
  if (findVolume(cluster.state, volid, node)) {
    throw died(`disk image '${pathOf(cluster.state, volid)}' already exists`);
  }
  const kind = values.format ?? values.filename?.split('.').at(-1) ?? 'raw';
  const size = (readSize(values.size ?? '0') ?? 0) * (/^\d+$/.test(values.size ?? '') ? 1024 : 1);
  const record = recordVolume(cluster, { volid, storage, node, content: 'images', format: kind, size, vmid: id });
  await cluster.engine.createDisk(engineVolume(record), size);
  return volid;
}

/** The volume as a path names it: with or without its storage before it, a linked clone with or without its base. */
function volumeOf({ cluster, node, path }: Call): { volid: string; record: VolumeRecord | undefined } {
  const named = path.volume ?? '';
  const volid = named.includes(':') ? named : `${path.storage}:${named}`;
  const own = volid.replace(/:\d+\/base-[^/]+\//, ':');
  return { volid, record: findVolume(cluster.state, own, node) };
}

function showVolume(call: Call): unknown {
  const { cluster, caller, path } = call;
  needAny(cluster.state, caller, `/storage/${path.storage}`, 'Datastore.Audit', 'Datastore.AllocateSpace');
  const { volid, record } = volumeOf(call);
  if (!record) throw died(`volume_size_info on '${volid}' failed - no format`);
  const raw = record.content === 'iso';
  return {
    path: pathOf(cluster.state, record.volid),
    size: record.size,
    used: record.used,
    format: raw ? 'raw' : record.format,
  };
}

async function deleteVolume(call: Call): Promise<string | null> {
  const { cluster, caller, node, path, values } = call;
  const storage = findStorage(cluster.state, path.storage ?? '');
  const { volid, record } = volumeOf(call);
  need(cluster.state, caller, `/storage/${storage.storage}`, 'Datastore.Allocate');
  const id = record?.vmid === undefined ? storage.storage : `${record.vmid}@${storage.storage}`;
  const upid = cluster.tasks.start({ node, type: 'imgdel', id, caller }, async (task) => {
    if (!record) task.log(`disk image '${pathOf(cluster.state, volid)}' does not exist`);
    else if (clonesOf(cluster.state, record).length > 0) {
      throw died(`base volume '${record.volid.slice(record.volid.indexOf(':') + 1)}' is still in use by linked clones`);
    } else await removeVolume(cluster, record);
    task.log(`Removed volume '${volid}'`);
  });
  if (values.delay === undefined) return upid;
  return (await cluster.tasks.ended(upid, Number(values.delay) * 1000)) === 'OK' ? null : upid;
}
