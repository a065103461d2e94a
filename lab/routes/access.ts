import { isRoot, need, privilegesOn } from '../access.ts';
import { isActive, type Tickets } from '../login.ts';
import { flag, optional, secretText, text } from '../params.ts';
import { forbidden, Problem } from '../problem.ts';
import type { Call, Route } from '../route.ts';
import { findUser } from '../users.ts';
import { userId } from './users.ts';

/** Logging in and what one may do. The ticket needs the signing key. */
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
      method: 'PUT',
      path: '/access/password',
      access: 'user',
      params: { userid: userId, password: secretText, 'confirmation-password': optional(text()) },
      run: setPassword,
    },
    {
      method: 'GET',
      path: '/access/domains',
      access: 'world',
      params: {},
      run: () => [
        { realm: 'pam', type: 'pam', comment: 'Linux PAM standard authentication' },
        { realm: 'pve', type: 'pve', comment: 'Proxmox VE authentication server' },
      ],
    },
    {
      method: 'GET',
      path: '/access',
      access: 'user',
      params: {},
      run: () =>
        ['users', 'groups', 'domains', 'roles', 'acl', 'ticket', 'password', 'permissions'].map((subdir) => ({
          subdir,
        })),
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
    user !== undefined &&
    isActive(user) &&
    ((user.password !== undefined && user.password === password) || tickets.open(password) === name);
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
  const asked = values.userid ?? caller.name;
  // A user may ask for its tokens; a token may not for its user.
  if (asked !== caller.name && asked.split('!')[0] !== caller.name) need(cluster.state, caller, '/access', 'Sys.Audit');
  const [user = '', tokenid] = asked.split('!');
  const who = { name: asked, userid: user, tokenid };
  const pooled = cluster.state.guests.flatMap(({ vmid, pool }) =>
    pool === undefined ? [] : [`/pool/${pool}`, `/vms/${vmid}`],
  );
  const paths =
    values.path === undefined
      ? [...new Set([...topPaths, ...cluster.state.acl.map(({ path }) => path), ...pooled])]
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

function setPassword({ cluster, caller, values }: Call): null {
  if (caller.tokenid !== undefined) {
    throw forbidden("URI '/access/password' not available with API token, need proper ticket.\n");
  }
  if (!isRoot(caller) && caller.userid !== values.userid) throw forbidden();
  findUser(cluster.state, values.userid ?? '').password = values.password;
  cluster.file.save();
  return null;
}
