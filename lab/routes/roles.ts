import { allows } from '../access.ts';
import { isAclPath } from '../acl-path.ts';
import type { Cluster } from '../cluster.ts';
import { flag, optional, text } from '../params.ts';
import { builtInRoles, privilegesOf } from '../privileges.ts';
import { badParameters, died } from '../problem.ts';
import { type Call, perm, type Route } from '../route.ts';
import type { State } from '../state.ts';

export const roleRoutes: readonly Route[] = [
  { method: 'GET', path: '/access/roles', access: 'user', params: {}, run: listRoles },
  {
    method: 'POST',
    path: '/access/roles',
    access: perm('/access', 'Sys.Modify'),
    params: { roleid: text(), privs: optional(text()) },
    run: createRole,
  },
  {
    method: 'PUT',
    path: '/access/roles/{roleid}',
    access: perm('/access', 'Sys.Modify'),
    params: { privs: optional(text()), append: optional(flag) },
    run: changeRole,
  },
  { method: 'GET', path: '/access/roles/{roleid}', access: 'user', params: {}, run: showRole },
  {
    method: 'DELETE',
    path: '/access/roles/{roleid}',
    access: perm('/access', 'Sys.Modify'),
    params: {},
    run: removeRole,
  },
  { method: 'GET', path: '/access/acl', access: 'user', params: {}, run: listAcl },
  {
    method: 'PUT',
    path: '/access/acl',
    access: perm('{path}', 'Permissions.Modify'),
    params: {
      path: text(),
      roles: text(),
      users: optional(text()),
      tokens: optional(text()),
      groups: optional(text()),
      propagate: optional(flag),
      delete: optional(flag),
    },
    run: changeAcl,
  },
];

function listRoles({ cluster }: Call): unknown[] {
  const special = builtInRoles(cluster.settings.profile);
  return Object.entries(cluster.state.roles).map(([roleid, privs]) => ({
    roleid,
    privs: privs.join(','),
    special: special[roleid] ? 1 : 0,
  }));
}

function createRole({ cluster, values }: Call): null {
  const roleid = values.roleid ?? '';
  if (/^PVE/i.test(roleid)) throw badParameters({ roleid: reservedName });
  const privileges = readPrivileges(cluster, values.privs);
  if (cluster.state.roles[roleid]) throw died(`create role failed: role '${roleid}' already exists`);
  cluster.state.roles[roleid] = privileges;
  cluster.file.save();
  return null;
}

const reservedName = "cannot use role ID starting with the (case-insensitive) 'PVE' namespace";

function changeRole({ cluster, path, values }: Call): null {
  const roleid = path.roleid ?? '';
  if (builtInRoles(cluster.settings.profile)[roleid]) throw died(`auto-generated role '${roleid}' cannot be modified`);
  const before = cluster.state.roles[roleid];
  if (!before) throw died(`update role failed: role '${roleid}' does not exist`);
  const privileges = readPrivileges(cluster, values.privs);
  cluster.state.roles[roleid] = values.append === '1' ? [...new Set([...before, ...privileges])] : privileges;
  cluster.file.save();
  return null;
}

function showRole({ cluster, path }: Call): unknown {
  const privileges = cluster.state.roles[path.roleid ?? ''];
  if (!privileges) throw died(`role '${path.roleid}' does not exist`);
  return Object.fromEntries(privileges.map((privilege) => [privilege, 1]));
}

function removeRole({ cluster, path }: Call): null {
  const roleid = path.roleid ?? '';
  const { state, settings } = cluster;
  if (builtInRoles(settings.profile)[roleid]) throw died(`auto-generated role '${roleid}' cannot be deleted`);
  if (!state.roles[roleid]) throw died(`delete role failed: role '${roleid}' does not exist`);
  delete state.roles[roleid];
  state.acl = state.acl.filter((entry) => entry.roleid !== roleid);
  cluster.file.save();
  return null;
}

function readPrivileges(cluster: Cluster, sent: string | undefined): string[] {
  const known = privilegesOf(cluster.settings.profile);
  const privileges = names(sent);
  const wrong = privileges.find((privilege) => !known.includes(privilege));
  if (wrong !== undefined) throw badParameters({ privs: `invalid format - invalid privilege '${wrong}'\n` });
  return privileges;
}

function listAcl({ cluster, caller }: Call): unknown[] {
  return cluster.state.acl
    .filter(({ path }) => allows(cluster.state, caller, path, 'Permissions.Modify'))
    .map(({ path, ugid, roleid, propagate }) => ({
      path,
      ugid: ugid.replace(/^@/, ''),
      roleid,
      propagate: propagate ? 1 : 0,
      type: ugid.startsWith('@') ? 'group' : ugid.includes('!') ? 'token' : 'user',
    }));
}

function changeAcl({ cluster, values }: Call): null {
  const { state } = cluster;
  const path = values.path ?? '';
  const propagate = values.propagate !== '0';
  if (!isAclPath(path)) throw badParameters({ path: `invalid ACL path '${path}'` });
  for (const roleid of names(values.roles)) {
    if (!state.roles[roleid]) throw died(`ACL update failed: role '${roleid}' does not exist`);
    const groups = names(values.groups).map((group) => `@${group}`);
    for (const ugid of [...groups, ...names(values.users), ...names(values.tokens)]) {
      checkExists(state, ugid);
      state.acl = state.acl.filter((entry) => entry.path !== path || entry.ugid !== ugid || entry.roleid !== roleid);
      if (values.delete !== '1') state.acl.push({ path, ugid, roleid, propagate });
    }
  }
  cluster.file.save();
  return null;
}

/** Throws unless there is a user, token or group of this name. */
function checkExists(state: State, ugid: string): void {
  const refuse = (kind: string, name: string) => died(`ACL update failed: ${kind} '${name}' does not exist`);
  if (ugid.startsWith('@')) {
    if (!state.groups.some(({ groupid }) => `@${groupid}` === ugid)) throw refuse('group', ugid.slice(1));
    return;
  }
  const [userid = '', tokenid] = ugid.split('!');
  const user = state.users.find((candidate) => candidate.userid === userid);
  if (!user) throw refuse('user', userid);
  if (tokenid !== undefined && !user.tokens.some((token) => token.tokenid === tokenid)) throw refuse('token', ugid);
}

function names(value: string | undefined): string[] {
  return (value ?? '').split(/[,;\s]+/).filter((name) => name !== '');
}
