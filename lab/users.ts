import { died } from './problem.ts';
import { type Asking, perm } from './route.ts';
import type { State, User } from './state.ts';

/** Who may change users; the lab looks at all groups at once, where Proxmox looks at each. */
export const modifyUsers = perm('/access/groups', 'User.Modify');

/** Tokens are their user's own business, and not that of the tokens themselves. */
export function ownTokens(call: Asking): void {
  if (call.caller.name !== call.path.userid) modifyUsers(call);
}

/** The user of this name; Proxmox's 500 when there is none. `doing` goes before it: `update user failed: `. */
export function findUser(state: State, id: string, doing = ''): User {
  const user = state.users.find((candidate) => candidate.userid === id);
  if (!user) throw died(`${doing}user '${id}' does not exist`);
  return user;
}
