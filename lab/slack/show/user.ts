import type { User, Usergroup, World } from '../world.ts';

/** A person as Slack shows them; the address only with the scope for it. */
export function showUser({ team, app }: World, user: User): Readonly<Record<string, unknown>> {
  const email = app.scopes.has('users:read.email') && user.email ? { email: user.email } : {};
  return {
    id: user.id,
    team_id: user.team ?? team.id,
    name: user.name,
    deleted: false,
    real_name: user.realName,
    tz: user.timezone,
    is_bot: user.bot,
    is_app_user: false,
    is_admin: false,
    is_restricted: user.guest ?? false,
    is_ultra_restricted: false,
    ...(user.team === undefined ? {} : { is_stranger: true }),
    profile: {
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      display_name_normalized: user.name,
      team: user.team ?? team.id,
      ...email,
    },
  };
}

/** A user group as usergroups.list and the events show it. */
export function showGroup(world: World, group: Usergroup, withUsers: boolean): Readonly<Record<string, unknown>> {
  return {
    id: group.id,
    team_id: world.team.id,
    is_usergroup: true,
    name: group.name,
    handle: group.handle,
    description: '',
    is_external: false,
    date_create: 1_700_000_000,
    date_update: Math.trunc(world.clock.now() / 1_000),
    date_delete: 0,
    user_count: group.users.size,
    ...(withUsers ? { users: [...group.users] } : {}),
  };
}
