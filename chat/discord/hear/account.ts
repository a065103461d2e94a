import { type APIInteraction, type APIUser, ChannelType } from 'discord.js';
import type { Account, Place } from '#chat/platform.ts';
import type { Roles } from '../roles.ts';

/** What is said of somebody who is not in the server, or has left it. */
export const notOurs = 'you are no member of the Discord server';

/** Who did it, with the roles that Discord says they have at this moment in the server that the bot is for. */
export async function accountOf(
  interaction: APIInteraction,
  { roles, guild }: { roles: Roles; guild: string | undefined },
): Promise<Account> {
  const { member, guild_id } = interaction;
  const user = userOf(interaction);
  const account = { account: `discord:${user.id}`, name: member?.nick ?? user.global_name ?? user.username };
  // In direct messages Discord says nothing of roles.
  if (guild === undefined)
    return { ...account, groups: [], outside: 'the configuration names no Discord server (discord.guild)' };
  if (!member) {
    const groups = await roles.of(user.id);
    return groups ? { ...account, groups } : { ...account, groups: [], outside: notOurs };
  }
  if (guild_id !== guild) return { ...account, groups: [], outside: 'you are of another Discord server' };
  roles.saw(user.id, member.roles);
  return { ...account, groups: await roles.named(member.roles) };
}

export function userOf({ member, user }: APIInteraction): APIUser {
  const one = member?.user ?? user;
  if (!one) throw new Error('an interaction of nobody');
  return one;
}

const threads: ReadonlySet<number> = new Set([
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
]);

/** Where it was done. */
export function placeOf({ channel }: APIInteraction): Place {
  const { id = '', type, parent_id: parent } = (channel ?? {}) as { id?: string; type?: number; parent_id?: string };
  if (type !== undefined && threads.has(type) && parent) return { platform: 'discord', channel: parent, thread: id };
  return { platform: 'discord', channel: id };
}
