import { z } from 'zod';
import { UserError } from '#base/errors.ts';
import { knownOnes } from '#base/suggest.ts';
import { readPermissionsAt } from './access.ts';
import type { Api } from './api.ts';
import type { Cluster } from './cluster.ts';
import { rows } from './shapes.ts';

const PoolRow = z.object({ poolid: z.string() });

/**
 * The pools that the token may look at (Pool.Audit).
 *
 * GET /pools
 */
export async function readPools(api: Api): Promise<string[]> {
  return (await api.get('/pools', rows(PoolRow))).map(({ poolid }) => poolid);
}

/**
 * Throws a `UserError` when VMs can't be put into a pool: it is not there, or the token may not. Proxmox lists only pools that
 * the token may look at (Pool.Audit); what it may fill without looking at it is taken to be there.
 *
 * GET /pools, GET /access/permissions
 */
export async function requirePool({ api, settings, name }: Cluster, pool: string): Promise<void> {
  if (!/^[\w.-]+(\/[\w.-]+){0,2}$/.test(pool)) {
    throw new UserError(`"${pool}" can't be the name of a pool: letters, digits, dots, dashes and underscores.`);
  }
  const pools = await readPools(api);
  if (pools.includes(pool)) return;
  const path = `/pool/${pool}`;
  const may = (await readPermissionsAt(api, [path]))[path] ?? {};
  if (may['Pool.Audit'] === undefined && may['VM.Allocate'] !== undefined) return;
  if (may['Pool.Audit'] !== undefined) {
    throw new UserError(`There is no pool "${pool}" in ${name}. ${knownOnes(pool, pools)}`, {
      hint: `Make it in Proxmox: pveum pool add ${pool}`,
    });
  }
  throw new UserError(
    `There is no pool "${pool}" in ${name}, or the API token ${settings.token.id} has no rights on it.`,
    {
      hint: '/bot doctor',
    },
  );
}
