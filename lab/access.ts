import { forbidden } from './problem.ts';
import type { Guest, State } from './state.ts';

/** Who calls. `name` is what a task's owner reads: `root@pam` or `bot@pve!ci`. */
export interface Caller {
  readonly name: string;
  readonly userid: string;
  readonly tokenid: string | undefined;
}

export const root: Caller = { name: 'root@pam', userid: 'root@pam', tokenid: undefined };
export const nobody: Caller = { name: '', userid: '', tokenid: undefined };

/** The real root with a ticket: a token of root does not count. */
export function isRoot(caller: Caller): boolean {
  return caller.name === 'root@pam';
}

/** The privileges of this caller on a path, with whether each also holds below it. */
export function privilegesOn(
  state: State,
  caller: Caller,
  path: string,
  pool: string | undefined = poolOf(state, path),
): Map<string, boolean> {
  const user = userPrivileges(state, caller.userid, path, pool);
  if (caller.tokenid === undefined) return user;
  const token = state.users
    .find((candidate) => candidate.userid === caller.userid)
    ?.tokens.find((candidate) => candidate.tokenid === caller.tokenid);
  if (!token?.privsep) return user;
  const own = granted(state, caller.name, path, pool);
  return new Map([...own].filter(([privilege]) => user.has(privilege)));
}

export function allows(state: State, caller: Caller, path: string, privilege: string): boolean {
  return privilegesOn(state, caller, path).has(privilege);
}

/** The VMs on which this caller has the privilege. Those of one pool that no entry names by number are alike. */
export function allowedGuests(state: State, caller: Caller, privilege: string): Guest[] {
  const named = new Set(state.acl.map(({ path }) => path));
  const known = new Map<string, boolean>();
  return state.guests.filter(({ vmid, pool }) => {
    const path = `/vms/${vmid}`;
    const kind = named.has(path) ? path : `in ${pool ?? ''}`;
    const may = known.get(kind) ?? privilegesOn(state, caller, path, pool).has(privilege);
    known.set(kind, may);
    return may;
  });
}

/** Throws the 403 that names the path and what is missing there. */
export function need(state: State, caller: Caller, path: string, ...privileges: readonly string[]): void {
  const had = privilegesOn(state, caller, path);
  for (const privilege of privileges) if (!had.has(privilege)) throw forbidden(`${path}, ${privilege}`);
}

/** Like `need`, but one of them is enough. */
export function needAny(state: State, caller: Caller, path: string, ...privileges: readonly string[]): void {
  const had = privilegesOn(state, caller, path);
  if (!privileges.some((privilege) => had.has(privilege))) throw forbidden(`${path}, ${privileges.join('|')}`);
}

function userPrivileges(state: State, userid: string, path: string, pool: string | undefined): Map<string, boolean> {
  if (userid === 'root@pam') return new Map((state.roles.Administrator ?? []).map((privilege) => [privilege, true]));
  return granted(state, userid, path, pool);
}

/** The nearest entry above or at the path decides; a VM in a pool also has what is granted on the pool. */
function granted(state: State, ugid: string, path: string, pool: string | undefined): Map<string, boolean> {
  const found = nearest(state, ugid, path);
  if (pool === undefined) return found;
  return new Map([...nearest(state, ugid, `/pool/${pool}`), ...found]);
}

/** The pool of the VM that a path names. */
function poolOf(state: State, path: string): string | undefined {
  const vmid = /^\/vms\/(\d+)$/.exec(path)?.[1];
  return vmid === undefined ? undefined : state.guests.find((guest) => guest.vmid === Number(vmid))?.pool;
}

function nearest(state: State, ugid: string, path: string): Map<string, boolean> {
  const groups = state.users.find(({ userid }) => userid === ugid)?.groups ?? [];
  for (let at: string = path; ; at = at.replace(/\/[^/]*$/, '') || '/') {
    const here = state.acl.filter((entry) => entry.path === at && (entry.propagate || at === path));
    const own = here.filter((entry) => entry.ugid === ugid);
    // At one path what is said of the user goes before what is said of the user's groups.
    const entries = own.length > 0 ? own : here.filter((entry) => groups.includes(entry.ugid.replace(/^@/, '')));
    if (entries.some((entry) => entry.roleid === 'NoAccess')) return new Map();
    if (entries.length > 0) {
      return new Map(
        entries.flatMap((entry) => (state.roles[entry.roleid] ?? []).map((name) => [name, entry.propagate] as const)),
      );
    }
    if (at === '/') return new Map();
  }
}
