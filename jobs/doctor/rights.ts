import type { Permissions, Version } from '#proxmox/nodes.ts';
import { missingPrivileges, type Need, requiredPrivileges } from '#proxmox/roles.ts';
import type { ClusterSettings } from '#proxmox/settings.ts';
import { bad, type Finding, good } from './finding.ts';

/** Whether the token may do all that commands do; each place that lacks something is a finding of its own. */
export function examineRights(settings: ClusterSettings, version: Version, permissions: Permissions): Finding[] {
  const missing = missingPrivileges(permissions, settings, version);
  if (missing.length > 0) return missing.map((need) => lack(settings, need));
  const count = requiredPrivileges(settings, version).reduce((sum, { privileges }) => sum + privileges.length, 0);
  return [good('Privileges', `The token has all ${count} privileges that the commands need.`)];
}

function lack({ token }: ClusterSettings, { paths, privileges }: Need): Finding {
  const user = token.id.split('!')[0];
  const names = privileges.join(' ');
  return bad(
    'Privileges',
    `The token lacks ${privileges.join(', ')} on ${paths.join(' or ')}.`,
    `pveum role add BotswainMore -privs "${names}" && pveum acl modify ${paths[0]} -user ${user} -role BotswainMore`,
  );
}
