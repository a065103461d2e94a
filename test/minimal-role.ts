import { randomUUID } from 'node:crypto';
import { newUser } from '#lab/first-state.ts';
import type { Lab } from '#lab/start.ts';
import { requiredPrivileges } from '#proxmox/roles.ts';
import { ClusterSettings } from '#proxmox/settings.ts';
import type { Written } from './setting.ts';

/** One privilege at the place where the documented role gives it. */
export interface Right {
  readonly path: string;
  readonly privilege: string;
}

/** Every privilege that the bot asks for, at its place. */
export function rightsFor(written: Written, profile: '8.4' | '9.2'): Right[] {
  const [major = 0, minor = 0] = profile.split('.').map(Number);
  const settings = ClusterSettings.parse(written.clusters[0]);
  const needs = requiredPrivileges(settings, { version: `${profile}.1`, release: profile, major, minor });
  return needs.flatMap(({ paths: [path = '/'], privileges }) => privileges.map((privilege) => ({ path, privilege })));
}

/** A configuration whose token has just the documented roles, each place with a role of its own. */
export function withMinimalRole(written: Written, lab: Lab): Written {
  const rights = rightsFor(written, lab.cluster.settings.profile);
  const secret = randomUUID();
  const userid = 'minimal@pve';
  const token = { tokenid: 'bot', secret, privsep: false, expire: 0, comment: undefined };
  lab.state.users.push(newUser(userid, { tokens: [token] }));
  for (const [path, here] of Map.groupBy(rights, (right) => right.path)) {
    lab.state.roles[roleAt(path)] = here.map(({ privilege }) => privilege);
    lab.state.acl.push({ path, ugid: userid, roleid: roleAt(path), propagate: true });
  }
  const clusters = written.clusters.map((one) => ({ ...one, token: { id: `${userid}!bot`, secret } }));
  return { ...written, clusters };
}

/** Takes one privilege out of its role; what it answers puts it back. */
export function takeAway(lab: Lab, { path, privilege }: Right): () => void {
  const before = lab.state.roles[roleAt(path)] ?? [];
  lab.state.roles[roleAt(path)] = before.filter((one) => one !== privilege);
  return () => {
    lab.state.roles[roleAt(path)] = before;
  };
}

const roleAt = (path: string) => `Minimal${path.replaceAll('/', '-')}`;
