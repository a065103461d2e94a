import { readRoles, readSeparation, readUserPermissionsAt, splitTokenId } from '#proxmox/access.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import type { Permissions, Version } from '#proxmox/nodes.ts';
import { type Rights, remediesFor } from '#proxmox/remedy.ts';
import { missingPrivileges, type Need, requiredPrivileges } from '#proxmox/roles.ts';
import { type Advice, bad, type Finding, good } from './finding.ts';

/**
 * Whether the token may do all that commands do; each place that lacks something is a finding of its own,
 * with the command that gives it. `needs` is all that was looked at.
 */
export async function examineRights(
  cluster: Cluster,
  needs: readonly Need[],
  missing: readonly Need[],
  permissions: Permissions,
): Promise<Finding[]> {
  if (missing.length === 0) {
    const count = needs.reduce((sum, { privileges }) => sum + privileges.length, 0);
    return [good('Privileges', `The token has all ${count} privileges that the commands need.`)];
  }
  const rights = await readRights(cluster, missing, permissions);
  const taken = new Set<string>();
  return missing.map((need) => {
    const text = `The token lacks ${need.privileges.join(', ')} on ${need.paths.join(' or ')}.`;
    const advice = remediesFor(need, rights, taken);
    return bad('Privileges', text, mayBeMisspelt(need, permissions) ? advice.map(ifRight(need)) : advice);
  });
}

/** Where the token has nothing at all there need not be anything. */
function mayBeMisspelt({ paths: [path = ''] }: Need, permissions: Permissions): boolean {
  return /^\/(storage|pool|sdn\/zones\/[^/]+)\//.test(path) && Object.keys(permissions[path] ?? {}).length === 0;
}

function ifRight({ paths: [path = ''] }: Need): (advice: Advice) => Advice {
  const [, kind = '', name = ''] = /^\/(storage|pool|sdn)\/(?:zones\/[^/]+\/)?(.+)$/.exec(path) ?? [];
  const see = kind === 'storage' ? 'pvesm status' : kind === 'pool' ? 'pveum pool list' : 'ip link';
  const right = `When ${name} is the right name (${see}).`;
  return ({ when, ...advice }) => ({ ...advice, when: when === undefined ? right : `${right} ${when}` });
}

/** What commands need, and what is needed of each template that the catalog names by its number. */
export function allNeeds(cluster: Cluster, version: Version, templates: readonly number[]): Need[] {
  const ofTemplates = templates.map((vmid) => ({ paths: [`/vms/${vmid}`], privileges: ['VM.Audit', 'VM.Clone'] }));
  return [...requiredPrivileges(cluster.settings, version), ...ofTemplates];
}

/** What is missing; of a template only what is not missing of all VMs already. */
export function allMissing(needs: readonly Need[], permissions: Permissions): Need[] {
  const missing = missingPrivileges(permissions, needs);
  const ofAll = missing.find(({ paths }) => paths.includes('/vms'))?.privileges ?? [];
  return missing.flatMap(({ paths, privileges }) => {
    const rest = paths[0]?.startsWith('/vms/') ? privileges.filter((name) => !ofAll.includes(name)) : privileges;
    return rest.length === 0 ? [] : [{ paths, privileges: rest }];
  });
}

async function readRights(
  { api, settings }: Cluster,
  missing: readonly Need[],
  permissions: Permissions,
): Promise<Rights> {
  const tokenId = settings.token.id;
  const paths = missing.flatMap((need) => need.paths);
  const [roles, separated, userPermissions] = await Promise.all([
    readRoles(api),
    readSeparation(api, tokenId),
    readUserPermissionsAt(api, paths, splitTokenId(tokenId).userid),
  ]);
  return { tokenId, separated, permissions, userPermissions, roles };
}
