import { randomUUID } from 'node:crypto';
import { allows, isRoot, need, privilegesOn } from '../access.ts';
import type { Tickets } from '../login.ts';
import { flag, format, integer, optional, type Param, text } from '../params.ts';
import { badParameters, died, forbidden, Problem } from '../problem.ts';
import { type Asking, type Call, perm, type Route } from '../route.ts';
import type { State, Token, User } from '../state.ts';

const minimum = (length: number): Param =>
  text((value) => (value.length >= length ? undefined : `value must be at least ${length} characters long`));
const userid = format((value) =>
  /^[^\s:/]+@[a-zA-Z][\w.-]+$/.test(value) ? undefined : `value '${value}' does not look like a valid user name`,
);
const modifyUsers = perm('/access/groups', 'User.Modify');

/** Users and tokens. The ticket is a route of its own because it needs the signing key. */
export function accessRoutes(tickets: Tickets): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/access/ticket',
      access: 'world',
      params: {
        username: text(),
        password: text(),
        realm: optional(text()),
        otp: optional(text()),
        path: optional(text()),
        privs: optional(text()),
        'new-format': optional(flag),
        'tfa-challenge': optional(text()),
      },
      run: (call) => login(call, tickets),
    },
    {
      method: 'GET',
      path: '/access/permissions',
      access: 'user',
      params: { path: optional(text()), userid: optional(text()) },
      run: permissions,
    },
    {
      method: 'GET',
      path: '/access/users',
      access: 'user',
      params: { full: optional(flag), enabled: optional(flag) },
      run: listUsers,
    },
    {
      method: 'POST',
      path: '/access/users',
      access: modifyUsers,
      params: {
        userid,
        comment: optional(text()),
        enable: optional(flag),
        password: optional(minimum(5)),
        email: optional(text()),
        expire: optional(integer(0)),
        groups: optional(text()),
      },
      run: createUser,
    },
    {
      method: 'PUT',
      path: '/access/users/{userid}',
      access: modifyUsers,
      params: { enable: optional(flag), comment: optional(text()) },
      run: changeUser,
    },
    { method: 'DELETE', path: '/access/users/{userid}', access: modifyUsers, params: {}, run: deleteUser },
    {
      method: 'PUT',
      path: '/access/password',
      access: 'user',
      params: { userid, password: minimum(5), 'confirmation-password': optional(text()) },
      run: setPassword,
    },
    { method: 'GET', path: '/access/users/{userid}/token', access: 'user', params: {}, run: listTokens },
    {
      method: 'POST',
      path: '/access/users/{userid}/token/{tokenid}',
      access: ownTokens,
      params: { privsep: optional(flag), expire: optional(integer(0)), comment: optional(text()) },
      run: createToken,
    },
    {
      method: 'DELETE',
      path: '/access/users/{userid}/token/{tokenid}',
      access: ownTokens,
      params: {},
      run: deleteToken,
    },
  ];
}

/** `POST /access/ticket`: a password, or a ticket that is still good. */
function login({ cluster, caller, values }: Call, tickets: Tickets): unknown {
  if (caller.tokenid !== undefined) {
    throw forbidden("URI '/access/ticket' not available with API token, need proper ticket.\n");
  }
  const named = values.username ?? '';
  const name = named.includes('@') || values.realm === undefined ? named : `${named}@${values.realm}`;
  const user = cluster.state.users.find((candidate) => candidate.userid === name);
  const password = values.password ?? '';
  const right =
    user?.enable && ((user.password !== undefined && user.password === password) || tickets.open(password) === name);
  if (!right) throw new Problem(401, 'authentication failure', { delayed: true });
  const { ticket, csrf } = tickets.issue(name);
  const who = { name, userid: name, tokenid: undefined };
  const on = (path: string) =>
    Object.fromEntries([...privilegesOn(cluster.state, who, path).keys()].map((right) => [right, 1]));
  const cap = {
    dc: on('/'),
    nodes: on('/nodes'),
    vms: on('/vms'),
    storage: on('/storage'),
    access: on('/access'),
    sdn: on('/sdn'),
  };
  const clustername = cluster.state.nodes.length > 1 ? { clustername: 'lab' } : {};
  return { username: name, ticket, CSRFPreventionToken: csrf, cap, ...clustername };
}

const topPaths = ['/', '/access', '/access/groups', '/nodes', '/pool', '/sdn', '/storage', '/vms'];

function permissions({ cluster, caller, values }: Call): unknown {
  const other = values.userid !== undefined && values.userid !== caller.name && values.userid !== caller.userid;
  if (other) need(cluster.state, caller, '/access', 'Sys.Audit');
  const [user = '', tokenid] = (values.userid ?? caller.name).split('!');
  const who = { name: values.userid ?? caller.name, userid: user, tokenid };
  const paths =
    values.path === undefined
      ? [...new Set([...topPaths, ...cluster.state.acl.map(({ path }) => path)])]
      : [values.path];
  const rows = paths.map((path) => [path, privilegesOn(cluster.state, who, path)] as const);
  const shown = rows.filter(([, rights]) => rights.size > 0 || values.path !== undefined);
  return Object.fromEntries(
    shown.map(([path, rights]) => [
      path,
      Object.fromEntries([...rights].map(([right, below]) => [right, below ? 1 : 0])),
    ]),
  );
}

function listUsers({ cluster, caller, values }: Call): unknown[] {
  const all = allows(cluster.state, caller, '/access/groups', 'User.Modify');
  return cluster.state.users
    .filter((user) => all || user.userid === caller.userid)
    .map((user) => ({
      userid: user.userid,
      enable: user.enable ? 1 : 0,
      expire: 0,
      'realm-type': user.userid.split('@')[1],
      ...(user.comment === undefined ? {} : { comment: user.comment }),
      ...(values.full === '1' ? { groups: '', email: '', tokens: user.tokens.map(tokenRow) } : {}),
    }));
}

function createUser({ cluster, values }: Call): null {
  const id = values.userid ?? '';
  if (cluster.state.users.some((user) => user.userid === id))
    throw died(`create user failed: user '${id}' already exists`);
  const enable = values.enable !== '0';
  cluster.state.users.push({ userid: id, password: values.password, comment: values.comment, enable, tokens: [] });
  cluster.file.save();
  return null;
}

function changeUser({ cluster, path, values }: Call): null {
  const user = findUser(cluster.state, path.userid ?? '', 'update user failed: ');
  if (values.enable !== undefined) user.enable = values.enable === '1';
  if (values.comment !== undefined) user.comment = values.comment;
  cluster.file.save();
  return null;
}

function deleteUser({ cluster, path }: Call): null {
  const user = findUser(cluster.state, path.userid ?? '', 'delete user failed: ');
  cluster.state.users = cluster.state.users.filter((other) => other !== user);
  cluster.state.acl = cluster.state.acl.filter(({ ugid }) => ugid.split('!')[0] !== user.userid);
  cluster.file.save();
  return null;
}

function setPassword({ cluster, caller, values }: Call): null {
  if (caller.tokenid !== undefined) {
    throw forbidden("URI '/access/password' not available with API token, need proper ticket.\n");
  }
  if (!isRoot(caller) && caller.userid !== values.userid) throw forbidden();
  findUser(cluster.state, values.userid ?? '').password = values.password;
  cluster.file.save();
  return null;
}

function listTokens({ cluster, caller, path }: Call): unknown[] {
  if (caller.userid !== path.userid) need(cluster.state, caller, '/access/groups', 'User.Modify');
  return findUser(cluster.state, path.userid ?? '').tokens.map(tokenRow);
}

function createToken({ cluster, path, values }: Call): unknown {
  const user = findUser(cluster.state, path.userid ?? '');
  const tokenid = path.tokenid ?? '';
  if (user.tokens.some((token) => token.tokenid === tokenid)) throw badParameters({ tokenid: 'Token already exists.' });
  const expire = Number(values.expire ?? 0);
  const token: Token = {
    tokenid,
    secret: randomUUID(),
    privsep: values.privsep !== '0',
    expire,
    comment: values.comment,
  };
  user.tokens.push(token);
  cluster.file.save();
  const info = { privsep: token.privsep ? '1' : '0', ...(expire > 0 ? { expire: String(expire) } : {}) };
  return { 'full-tokenid': `${user.userid}!${tokenid}`, info, value: token.secret };
}

function deleteToken({ cluster, path }: Call): null {
  const user = findUser(cluster.state, path.userid ?? '');
  if (!user.tokens.some((token) => token.tokenid === path.tokenid))
    throw died(`no such token '${path.tokenid}' for user '${user.userid}'`);
  user.tokens = user.tokens.filter((token) => token.tokenid !== path.tokenid);
  cluster.state.acl = cluster.state.acl.filter(({ ugid }) => ugid !== `${user.userid}!${path.tokenid}`);
  cluster.file.save();
  return null;
}

function ownTokens(call: Asking): void {
  if (call.caller.userid !== call.path.userid) modifyUsers(call);
}

function findUser(state: State, id: string, doing = ''): User {
  const user = state.users.find((candidate) => candidate.userid === id);
  if (!user) throw died(`${doing}user '${id}' does not exist`);
  return user;
}

function tokenRow({ tokenid, privsep, expire, comment }: Token): Record<string, unknown> {
  return { tokenid, privsep: privsep ? 1 : 0, expire, ...(comment === undefined ? {} : { comment }) };
}
