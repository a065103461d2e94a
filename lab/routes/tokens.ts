import { randomUUID } from 'node:crypto';
import { flag, integer, optional, type Params, text } from '../params.ts';
import { badParameters, died } from '../problem.ts';
import type { Call, Route } from '../route.ts';
import type { Token, User } from '../state.ts';
import { findUser, ownTokens } from '../users.ts';

const base = '/access/users/{userid}/token';
const about: Params = { comment: optional(text()), expire: optional(integer(0)), privsep: optional(flag) };

export const tokenRoutes: readonly Route[] = [
  { method: 'GET', path: base, access: ownTokens, params: {}, run: list },
  { method: 'GET', path: `${base}/{tokenid}`, access: ownTokens, params: {}, run: show },
  { method: 'POST', path: `${base}/{tokenid}`, access: ownTokens, params: about, run: create },
  { method: 'PUT', path: `${base}/{tokenid}`, access: ownTokens, params: about, run: change },
  { method: 'DELETE', path: `${base}/{tokenid}`, access: ownTokens, params: {}, run: remove },
];

export function tokenRow({ tokenid, privsep, expire, comment }: Token) {
  return { tokenid, privsep: privsep ? 1 : 0, expire, ...(comment === undefined ? {} : { comment }) };
}

function list({ cluster, path }: Call): unknown[] {
  return findUser(cluster.state, path.userid ?? '').tokens.map(tokenRow);
}

function show(call: Call): unknown {
  const { tokenid: _, ...facts } = tokenRow(tokenOf(call).token);
  return facts;
}

/** The secret is told here and never again. */
function create({ cluster, path, values }: Call): unknown {
  const user = findUser(cluster.state, path.userid ?? '');
  const tokenid = path.tokenid ?? '';
  if (user.tokens.some((token) => token.tokenid === tokenid)) throw badParameters({ tokenid: 'Token already exists.' });
  const { privsep = '1', expire = '0', comment } = values;
  const token: Token = { tokenid, secret: randomUUID(), privsep: privsep === '1', expire: Number(expire), comment };
  user.tokens.push(token);
  cluster.file.save();
  const info = { privsep, ...(token.expire > 0 ? { expire } : {}), ...(comment === undefined ? {} : { comment }) };
  return { 'full-tokenid': `${user.userid}!${tokenid}`, info, value: token.secret };
}

function change(call: Call): unknown {
  const { token } = tokenOf(call);
  const { privsep, expire, comment } = call.values;
  if (privsep !== undefined) token.privsep = privsep === '1';
  if (expire !== undefined) token.expire = Number(expire);
  if (comment !== undefined) token.comment = comment;
  call.cluster.file.save();
  return show(call);
}

function remove(call: Call): null {
  const { user, token } = tokenOf(call);
  const { state, file } = call.cluster;
  user.tokens = user.tokens.filter((other) => other !== token);
  state.acl = state.acl.filter(({ ugid }) => ugid !== `${user.userid}!${token.tokenid}`);
  file.save();
  return null;
}

function tokenOf({ cluster, path }: Call): { user: User; token: Token } {
  const user = findUser(cluster.state, path.userid ?? '');
  const token = user.tokens.find(({ tokenid }) => tokenid === path.tokenid);
  if (!token) throw died(`no such token '${path.tokenid}' for user '${user.userid}'`);
  return { user, token };
}
