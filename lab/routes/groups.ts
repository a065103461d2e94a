import { allows } from '../access.ts';
import type { Cluster } from '../cluster.ts';
import { optional, text } from '../params.ts';
import { died } from '../problem.ts';
import { type Call, perm, permAny, type Route } from '../route.ts';
import type { Group } from '../state.ts';

const access = perm('/access/groups', 'Group.Allocate');

export const groupRoutes: readonly Route[] = [
  { method: 'GET', path: '/access/groups', access: 'user', params: {}, run: list },
  {
    method: 'POST',
    path: '/access/groups',
    access,
    params: { groupid: text(), comment: optional(text()) },
    run: create,
  },
  {
    method: 'GET',
    path: '/access/groups/{groupid}',
    access: permAny('/access/groups', 'Sys.Audit', 'Group.Allocate'),
    params: {},
    run: show,
  },
  { method: 'PUT', path: '/access/groups/{groupid}', access, params: { comment: optional(text()) }, run: change },
  { method: 'DELETE', path: '/access/groups/{groupid}', access, params: {}, run: remove },
];

function list({ cluster, caller }: Call): unknown[] {
  const sees = ({ groupid }: Group) =>
    ['User.Modify', 'Sys.Audit', 'Group.Allocate'].some((right) =>
      allows(cluster.state, caller, `/access/groups/${groupid}`, right),
    );
  return cluster.state.groups.filter(sees).map((group) => ({
    groupid: group.groupid,
    users: membersOf(cluster, group).join(','),
    ...commentOf(group),
  }));
}

function show({ cluster, path }: Call): unknown {
  const group = findGroup(cluster, path.groupid ?? '');
  return { members: membersOf(cluster, group), ...commentOf(group) };
}

function create({ cluster, values }: Call): null {
  const { groupid = '', comment } = values;
  if (cluster.state.groups.some((group) => group.groupid === groupid)) {
    throw died(`create group failed: group '${groupid}' already exists`);
  }
  cluster.state.groups.push({ groupid, comment });
  cluster.file.save();
  return null;
}

function change({ cluster, path, values }: Call): null {
  findGroup(cluster, path.groupid ?? '', 'update group failed: ').comment = values.comment;
  cluster.file.save();
  return null;
}

function remove({ cluster, path }: Call): null {
  const { state } = cluster;
  const group = findGroup(cluster, path.groupid ?? '', 'delete group failed: ');
  state.groups = state.groups.filter((other) => other !== group);
  for (const user of state.users) user.groups = user.groups.filter((name) => name !== group.groupid);
  state.acl = state.acl.filter(({ ugid }) => ugid !== `@${group.groupid}`);
  cluster.file.save();
  return null;
}

function findGroup(cluster: Cluster, id: string, doing = ''): Group {
  const group = cluster.state.groups.find(({ groupid }) => groupid === id);
  if (!group) throw died(`${doing}group '${id}' does not exist`);
  return group;
}

function membersOf({ state }: Cluster, { groupid }: Group): string[] {
  return state.users.filter(({ groups }) => groups.includes(groupid)).map(({ userid }) => userid);
}

function commentOf({ comment }: Group): { comment?: string } {
  return comment === undefined ? {} : { comment };
}
