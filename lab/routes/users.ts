import { allows } from '../access.ts';
import { newUser } from '../first-state.ts';
import { flag, format, integer, optional, type Params, secretText, text } from '../params.ts';
import { died } from '../problem.ts';
import { type Call, permAny, type Route } from '../route.ts';
import type { State, User } from '../state.ts';
import { findUser, modifyUsers } from '../users.ts';
import { tokenRow } from './tokens.ts';

export const userId = format((value) =>
  /^[^\s:/]+@[a-zA-Z][\w.-]+$/.test(value) ? undefined : `value '${value}' does not look like a valid user name`,
);
const about: Params = {
  comment: optional(text()),
  email: optional(text()),
  enable: optional(flag),
  expire: optional(integer(0)),
  firstname: optional(text()),
  groups: optional(text()),
  keys: optional(text()),
  lastname: optional(text()),
};

export const userRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/access/users',
    access: 'user',
    params: { full: optional(flag), enabled: optional(flag) },
    run: list,
  },
  {
    method: 'POST',
    path: '/access/users',
    access: modifyUsers,
    params: { ...about, userid: userId, password: optional(secretText) },
    run: create,
  },
  {
    method: 'GET',
    path: '/access/users/{userid}',
    access: permAny('/access/groups', 'User.Modify', 'Sys.Audit'),
    params: {},
    run: show,
  },
  {
    method: 'PUT',
    path: '/access/users/{userid}',
    access: modifyUsers,
    params: { ...about, append: optional(flag) },
    run: change,
  },
  { method: 'DELETE', path: '/access/users/{userid}', access: modifyUsers, params: {}, run: remove },
];

function list({ cluster, caller, values }: Call): unknown[] {
  const sees = (path: string) =>
    ['User.Modify', 'Sys.Audit'].some((right) => allows(cluster.state, caller, path, right));
  const all = sees('/access/groups');
  return (
    cluster.state.users
      // Oneself, that is: a token is not its user.
      .filter(
        ({ userid, groups }) => all || userid === caller.name || groups.some((one) => sees(`/access/groups/${one}`)),
      )
      .filter((user) => values.enabled === undefined || user.enable === (values.enabled === '1'))
      .map((user) => ({
        userid: user.userid,
        'realm-type': user.userid.split('@')[1],
        ...factsOf(user),
        ...(values.full === '1' ? { groups: user.groups.join(','), tokens: user.tokens.map(tokenRow) } : {}),
      }))
  );
}

function show({ cluster, path }: Call): unknown {
  const user = findUser(cluster.state, path.userid ?? '');
  const tokens = Object.fromEntries(
    user.tokens.map((token) => {
      const { tokenid, ...facts } = tokenRow(token);
      return [tokenid, facts];
    }),
  );
  return { ...factsOf(user), groups: user.groups, ...(user.tokens.length === 0 ? {} : { tokens }) };
}

function factsOf({ enable, expire, comment, email }: User): Record<string, unknown> {
  return {
    enable: enable ? 1 : 0,
    expire,
    ...(comment === undefined ? {} : { comment }),
    ...(email === undefined ? {} : { email }),
  };
}

function create({ cluster, values }: Call): null {
  const { userid = '', password, comment, email, enable, expire = '0', groups } = values;
  const doing = 'create user failed: ';
  if (cluster.state.users.some((user) => user.userid === userid)) throw died(`${doing}user '${userid}' already exists`);
  const member = groupsOf(cluster.state, groups, doing);
  const facts = { password, comment, email, enable: enable !== '0', expire: Number(expire), groups: member };
  cluster.state.users.push(newUser(userid, facts));
  cluster.file.save();
  return null;
}

function change({ cluster, path, values }: Call): null {
  const doing = 'update user failed: ';
  const user = findUser(cluster.state, path.userid ?? '', doing);
  const { enable, comment, email, expire, groups, append } = values;
  if (enable !== undefined) user.enable = enable === '1';
  if (comment !== undefined) user.comment = comment;
  if (email !== undefined) user.email = email;
  if (expire !== undefined) user.expire = Number(expire);
  if (groups !== undefined) {
    const named = groupsOf(cluster.state, groups, doing);
    user.groups = append === '1' ? [...new Set([...user.groups, ...named])] : named;
  }
  cluster.file.save();
  return null;
}

function remove({ cluster, path }: Call): null {
  const user = findUser(cluster.state, path.userid ?? '', 'delete user failed: ');
  cluster.state.users = cluster.state.users.filter((other) => other !== user);
  cluster.state.acl = cluster.state.acl.filter(({ ugid }) => ugid.split('!')[0] !== user.userid);
  cluster.file.save();
  return null;
}

function groupsOf(state: State, sent: string | undefined, doing: string): string[] {
  const named = (sent ?? '').split(/[,;\s]+/).filter((name) => name !== '');
  const missing = named.find((name) => !state.groups.some(({ groupid }) => groupid === name));
  if (missing !== undefined) throw died(`${doing}no such group '${missing}'`);
  return named;
}
