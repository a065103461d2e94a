import { z } from 'zod';
import type { Api } from './api.ts';
import { at } from './encode.ts';
import { ProxmoxError } from './errors.ts';
import type { Permissions } from './nodes.ts';
import { Flag, rows } from './shapes.ts';

/** A role and the privileges it gives. */
export interface Role {
  readonly name: string;
  readonly privileges: readonly string[];
  /** It came with Proxmox, and nobody can change it. */
  readonly builtIn: boolean;
}

/**
 * All roles. Every token may read them.
 *
 * GET /access/roles
 */
export async function readRoles(api: Api): Promise<Role[]> {
  const found = await api.get('/access/roles', rows(RoleRow));
  return found.map(({ roleid, privs, special }) => ({
    ...{ name: roleid, builtIn: special ?? false },
    privileges: (privs ?? '').split(',').filter((name) => name !== ''),
  }));
}

/**
 * What the token may do at every path that has rules of its own, and at each of `paths`, whatever it
 * inherits there: an empty record where that is nothing. For another `userid` the token needs Sys.Audit on /access.
 *
 * GET /access/permissions, GET /access/permissions?path={path}
 */
export async function readPermissionsAt(api: Api, paths: readonly string[], userid?: string): Promise<Permissions> {
  const ask = (path?: string) => api.get('/access/permissions', PermissionRows, { path, userid });
  const [all, ...each] = await Promise.all([
    ask(),
    ...paths.map(async (path) => ({ [path]: (await ask(path))[path] ?? {} })),
  ]);
  return Object.assign({}, all, ...each);
}

/** The same for the token's user; undefined when the token may not know. */
export async function readUserPermissionsAt(
  api: Api,
  paths: readonly string[],
  userid: string,
): Promise<Permissions | undefined> {
  return unlessForbidden(readPermissionsAt(api, paths, userid));
}

/**
 * Whether a token has privileges of its own, apart from its user's. Undefined when the token may not
 * know, which takes Sys.Audit on /access: a token is no user of its own, and may not ask about itself.
 *
 * GET /access/users/{userid}
 */
export async function readSeparation(api: Api, tokenId: string): Promise<boolean | undefined> {
  const { userid, token } = splitTokenId(tokenId);
  const shape = z.object({ tokens: z.record(z.string(), z.object({ privsep: Flag.optional() })).optional() });
  const found = await unlessForbidden(api.get(at`/access/users/${userid}`, shape));
  const own = found?.tokens?.[token];
  return own && (own.privsep ?? true);
}

/** `bot@pve!ci` is the token `ci` of `bot@pve`. */
export function splitTokenId(tokenId: string): { readonly userid: string; readonly token: string } {
  const [userid = '', token = ''] = tokenId.split('!');
  return { userid, token };
}

async function unlessForbidden<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProxmoxError && error.kind === 'permission') return undefined;
    throw error;
  }
}

const PermissionRows = z.record(z.string(), z.record(z.string(), Flag));

const RoleRow = z.object({ roleid: z.string(), privs: z.string().nullish(), special: Flag.optional() });
