import { allows } from '../access.ts';
import type { Cluster } from '../cluster.ts';
import { flag, oneOf, optional, text } from '../params.ts';
import { died, forbidden } from '../problem.ts';
import { type Call, perm, type Route } from '../route.ts';
import { resourceRow } from '../rows.ts';
import type { Pool } from '../state.ts';

export const poolRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/pools',
    access: 'user',
    params: { poolid: optional(text()), type: optional(oneOf('qemu', 'lxc', 'storage')) },
    run: listPools,
  },
  {
    method: 'GET',
    path: '/pools/{poolid}',
    access: perm('/pool/{poolid}', 'Pool.Audit'),
    params: { type: optional(oneOf('qemu', 'lxc', 'storage')) },
    run: readPool,
  },
  {
    method: 'POST',
    path: '/pools',
    access: perm('/pool/{poolid}', 'Pool.Allocate'),
    params: { poolid: text(), comment: optional(text()) },
    run: createPool,
  },
  {
    method: 'PUT',
    path: '/pools',
    access: perm('/pool/{poolid}', 'Pool.Allocate'),
    params: {
      poolid: text(),
      comment: optional(text()),
      vms: optional(text()),
      storage: optional(text()),
      delete: optional(flag),
      'allow-move': optional(flag),
    },
    run: changePool,
  },
  {
    method: 'DELETE',
    path: '/pools/{poolid}',
    access: perm('/pool/{poolid}', 'Pool.Allocate'),
    params: {},
    run: deletePool,
  },
];

function listPools({ cluster, caller, values }: Call): unknown[] {
  const shown = cluster.state.pools.filter(({ poolid }) =>
    allows(cluster.state, caller, `/pool/${poolid}`, 'Pool.Audit'),
  );
  if (values.poolid === undefined) return shown.map(row);
  const pool = shown.find(({ poolid }) => poolid === values.poolid);
  if (!pool) throw died(`pool '${values.poolid}' does not exist`);
  return [{ ...row(pool), members: membersOf(cluster, pool, values.type) }];
}

/** The older way to ask for one, which clients still use. */
function readPool({ cluster, path, values }: Call): unknown {
  const pool = cluster.state.pools.find(({ poolid }) => poolid === path.poolid);
  if (!pool) throw died(`pool '${path.poolid}' does not exist`);
  const { poolid: _, ...rest } = row(pool);
  return { ...rest, members: membersOf(cluster, pool, values.type) };
}

/** As `/cluster/resources` has them, and just as old. The lab's pools have no storages. */
function membersOf(cluster: Cluster, { poolid }: Pool, type: string | undefined): unknown[] {
  if (type !== undefined && type !== 'qemu') return [];
  return cluster.state.guests
    .filter((guest) => guest.pool === poolid)
    .map((guest) => {
      const { pool: _, ...member } = resourceRow(cluster, guest);
      return member;
    });
}

function createPool({ cluster, values }: Call): null {
  const poolid = values.poolid ?? '';
  if (cluster.state.pools.some((pool) => pool.poolid === poolid))
    throw died(`create pool failed: pool '${poolid}' already exists`);
  cluster.state.pools.push({ poolid, comment: values.comment });
  cluster.file.save();
  return null;
}

/** VMs that do not exist are accepted without a word, as Proxmox does. */
function changePool({ cluster, caller, values }: Call): null {
  const pool = findPool(cluster.state.pools, values.poolid ?? '', 'update');
  for (const id of (values.vms ?? '').split(/[,;\s]+/).filter((part) => part !== '')) {
    if (!allows(cluster.state, caller, `/vms/${id}`, 'Permissions.Modify') && caller.userid !== 'root@pam') {
      throw forbidden(`/vms/${id}, Permissions.Modify`);
    }
    const guest = cluster.state.guests.find((candidate) => candidate.vmid === Number(id));
    if (guest) guest.pool = values.delete === '1' ? undefined : pool.poolid;
  }
  if (values.comment !== undefined) pool.comment = values.comment;
  cluster.file.save();
  return null;
}

function deletePool({ cluster, path }: Call): null {
  const pool = findPool(cluster.state.pools, path.poolid ?? '', 'delete');
  const member = cluster.state.guests.find((guest) => guest.pool === pool.poolid);
  if (member) throw died(`delete pool failed: pool '${pool.poolid}' is not empty (contains VM ${member.vmid})`);
  cluster.state.pools = cluster.state.pools.filter((other) => other !== pool);
  cluster.file.save();
  return null;
}

function findPool(pools: readonly Pool[], poolid: string, doing: string): Pool {
  const pool = pools.find((candidate) => candidate.poolid === poolid);
  if (!pool) throw died(`${doing} pool failed: pool '${poolid}' does not exist`);
  return pool;
}

function row({ poolid, comment }: Pool): Record<string, unknown> {
  return comment === undefined ? { poolid } : { poolid, comment };
}
