import { shellWord } from '#base/shell-word.ts';
import { type Role, splitTokenId } from './access.ts';
import type { Permissions } from './nodes.ts';
import type { Need } from './roles.ts';

/** What is known of a token's rights. */
export interface Rights {
  readonly tokenId: string;
  /** It has privileges of its own, apart from its user's; undefined when that can't be known. */
  readonly separated: boolean | undefined;
  /** The token's; an empty record is a place where it has nothing. */
  readonly permissions: Permissions;
  /** Its user's, at the places that lack something; undefined when they can't be known. */
  readonly userPermissions: Permissions | undefined;
  readonly roles: readonly Role[];
}

/** One way to give what is missing: a command, or a sentence. */
export interface Remedy {
  /** When it is the right one, where that can't be known from here. */
  readonly when?: string;
  readonly next: string;
  /** What else it does. */
  readonly also?: string;
}

/**
 * What root types to give the token what it lacks. Nobody loses anything by it: Proxmox lets a role that
 * is given on a path replace all that is inherited there, so the role in use is extended, and where that is not
 * one role alone a new one gets what the token has there already too. `taken` are names for new roles that are
 * not free; the ones used are added to it.
 */
export function remediesFor(need: Need, rights: Rights, taken: Set<string>): Remedy[] {
  return ways(need, rights, taken).map((remedy) => ({ ...remedy, ...whomElse(remedy.next) }));
}

/** A role is one thing for all who have it, and who they are takes Sys.Audit on /access to see. */
function whomElse(next: string): { readonly also?: string } {
  const roles = [...new Set([...next.matchAll(/pveum role modify (\S+)/g)].map(([, role = '']) => role))];
  if (roles.length === 0) return {};
  const which = `the role${roles.length === 1 ? '' : 's'} ${roles.join(' and ')}`;
  return { also: `Everybody who has ${which} gets it too, wherever they have it (who: pveum acl list).` };
}

function ways(need: Need, rights: Rights, taken: Set<string>): Remedy[] {
  const { tokenId, separated, permissions, userPermissions, roles } = rights;
  const { userid } = splitTokenId(tokenId);
  const [path = '/'] = need.paths;
  const held = permissions[path] ?? {};
  // What a separated token and its user have apart from each other comes to nothing as well.
  if (separated !== true && isDenied(permissions, path)) {
    const next = `What ${tokenId} has above ${path} is taken away there, as NoAccess does it: pveum acl list shows by which entry. Delete that one first.`;
    return [{ next }];
  }
  const extend = (whom: string, has: Held, all: Permissions, names = taken) =>
    extension({ path, whom, held: has, below: inherited(all, path), lacking: need.privileges, roles, taken: names });
  const forUser = (has: Held, all: Permissions, names = taken) => extend(`-user ${shellWord(userid)}`, has, all, names);
  const forToken = () => extend(`-token ${shellWord(tokenId)}`, held, permissions);

  if (userid === 'root@pam') return [{ next: forToken() }];
  if (separated === false || roleInUse(held, roles)) return [{ next: forUser(held, permissions) }];
  const users = userPermissions?.[path];
  if (separated && users && userPermissions) {
    const missing = need.privileges.some((name) => users[name] === undefined);
    const commands = [...(missing ? [forUser(users, userPermissions)] : []), forToken()];
    return [{ next: commands.join(' && ') }];
  }
  // Only one of the two is typed, so they may call their role the same.
  const names = new Set(taken);
  const own = {
    when: `The token has privileges of its own. Its user needs these as well: pveum user permissions ${shellWord(userid)}`,
    next: forToken(),
  };
  if (separated) return [own];
  const shared = {
    when: `The token has its user’s privileges (privsep 0 in: pveum user token list ${shellWord(userid)}).`,
    next: forUser(held, permissions, names),
  };
  return [shared, own];
}

/** Privileges at one place; `true` when they hold below it too. */
type Held = Readonly<Record<string, boolean>>;

interface Extension {
  readonly path: string;
  /** `-user bot@pve` */
  readonly whom: string;
  readonly held: Held;
  /** What holds below the path although it does not at it. */
  readonly below: Held;
  readonly lacking: readonly string[];
  readonly roles: readonly Role[];
  readonly taken: Set<string>;
}

function extension({ path, whom, held, below, lacking, roles, taken }: Extension): string {
  const role = roleInUse(held, roles);
  if (role) return `pveum role modify ${role.name} -append 1 -privs "${lacking.join(' ')}"`;
  const name = freeName(`Botswain${path === '/' ? '' : path.replaceAll('/', '-')}`, roles, taken);
  const kept = Object.values(held).includes(false) ? [...Object.keys(held), ...Object.keys(below)] : Object.keys(held);
  const privileges = [...new Set([...kept, ...lacking])].sort();
  return `pveum role add ${name} -privs "${privileges.join(' ')}" && pveum acl modify ${shellWord(path)} ${whom} -role ${name}`;
}

/** The one role that gives just what is held at a place, when it can be changed. */
function roleInUse(held: Held, roles: readonly Role[]): Role | undefined {
  const names = Object.keys(held);
  if (names.length === 0) return undefined;
  const same = roles.filter(
    ({ privileges }) => privileges.length === names.length && privileges.every((name) => held[name] !== undefined),
  );
  return same.length === 1 && same[0]?.builtIn === false ? same[0] : undefined;
}

/** What the nearest place above with rights of its own passes on. */
function inherited(permissions: Permissions, path: string): Held {
  const above = Object.keys(permissions)
    .filter((one) => one !== path && (one === '/' || path.startsWith(`${one}/`)))
    .sort((a, b) => b.length - a.length)[0];
  const held = Object.entries((above !== undefined && permissions[above]) || {});
  return Object.fromEntries(held.filter(([, below]) => below));
}

/** Nothing is left of what is passed on from above. A pool has nothing above it that is meant for it. */
function isDenied(permissions: Permissions, path: string): boolean {
  const here = permissions[path];
  const nothing = here !== undefined && Object.keys(here).length === 0;
  return nothing && Object.keys(inherited(permissions, path)).length > 0;
}

function freeName(wish: string, roles: readonly Role[], taken: Set<string>): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wish : `${wish}-${number}`;
    if (taken.has(name) || roles.some((role) => role.name === name)) continue;
    taken.add(name);
    return name;
  }
}
