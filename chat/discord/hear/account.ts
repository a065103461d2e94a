import { type APIInteraction, ChannelType } from 'discord.js';
import type { Account, Place } from '#chat/platform.ts';
import type { Roles } from '../roles.ts';

/** Who did it, with the roles that Discord says they have at this moment. */
export async function accountOf(interaction: APIInteraction, roles: Roles): Promise<Account> {
  const { member, guild_id: guild } = interaction;
  const user = member?.user ?? interaction.user;
  if (!user) throw new Error('an interaction of nobody');
  const name = member?.nick ?? user.global_name ?? user.username;
  const groups = guild && member ? await roles.named(guild, member.roles) : [];
  return { account: `discord:${user.id}`, name, groups };
}

const threads: ReadonlySet<number> = new Set([ChannelType.PublicThread, ChannelType.PrivateThread]);

/** Where it was done. */
export function placeOf({ channel }: APIInteraction): Place {
  const { id = '', type, parent_id: parent } = (channel ?? {}) as { id?: string; type?: number; parent_id?: string };
  if (type !== undefined && threads.has(type) && parent) return { platform: 'discord', channel: parent, thread: id };
  return { platform: 'discord', channel: id };
}
