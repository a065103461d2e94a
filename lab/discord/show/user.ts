import { permissionsIn } from '../permissions.ts';
import type { Channel, User, World } from '../world.ts';

/** A user object. */
export function showUser(user: User): Record<string, unknown> {
  return {
    id: user.id,
    username: user.name,
    global_name: user.bot ? null : user.shown,
    discriminator: user.bot ? '4242' : '0',
    avatar: null,
    banner: null,
    accent_color: null,
    avatar_decoration_data: null,
    collectibles: null,
    primary_guild: null,
    public_flags: 0,
    flags: 0,
    ...(user.bot ? { bot: true } : {}),
  };
}

/** A member as messages carry it: without the user. */
export function showPartialMember(world: World, userId: string): Record<string, unknown> {
  return {
    avatar: null,
    avatar_decoration_data: null,
    banner: null,
    collectibles: null,
    communication_disabled_until: null,
    deaf: false,
    flags: 0,
    joined_at: '2026-01-05T08:00:00.000000+00:00',
    mute: false,
    nick: null,
    pending: false,
    premium_since: null,
    roles: world.members.get(userId)?.roles ?? [],
  };
}

/** A member object. */
export function showMember(world: World, userId: string): Record<string, unknown> {
  return { ...showPartialMember(world, userId), user: showUser(userOf(world, userId)) };
}

/** The member of an interaction, with what they may do in that channel. */
export function showActingMember(world: World, userId: string, channel: Channel): Record<string, unknown> {
  return { ...showMember(world, userId), permissions: String(permissionsIn(world, userId, channel)) };
}

export function userOf(world: World, id: string): User {
  const user = world.users.get(id);
  if (!user) throw new Error(`There is no user ${id} in the lab.`);
  return user;
}
