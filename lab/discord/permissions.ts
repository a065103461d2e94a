import type { Channel, World } from './world.ts';

/** The rights the lab knows, as Discord's bits. */
export const permissionBits = {
  administrator: 1n << 3n,
  addReactions: 1n << 6n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  mentionEveryone: 1n << 17n,
  useApplicationCommands: 1n << 31n,
  manageThreads: 1n << 34n,
  createPublicThreads: 1n << 35n,
  sendMessagesInThreads: 1n << 38n,
} as const;

export type Permission = keyof typeof permissionBits;

export function bitsOf(...names: readonly Permission[]): bigint {
  return names.reduce((bits, name) => bits | permissionBits[name], 0n);
}

const everything = (1n << 53n) - 1n;

/** What a member may do in a channel: roles, then the channel's overwrites. A thread has those of its channel. */
export function permissionsIn(world: World, userId: string, channel: Channel): bigint {
  const member = world.members.get(userId);
  if (!member || userId === world.guild.ownerId) return member ? everything : 0n;
  const roles = [world.guild.id, ...member.roles];
  const base = roles.reduce((bits, id) => bits | (world.roles.get(id)?.permissions ?? 0n), 0n);
  if (base & permissionBits.administrator) return everything;
  const place = channel.kind === 'thread' ? world.channels.get(channel.parentId) : channel;
  if (place?.kind !== 'text') return base;

  const ofEveryone = place.overwrites.get(world.guild.id);
  const ofRoles = member.roles.map((id) => place.overwrites.get(id));
  const ofMember = place.overwrites.get(userId);
  const denied = ofRoles.reduce((bits, over) => bits | (over?.deny ?? 0n), 0n);
  const allowed = ofRoles.reduce((bits, over) => bits | (over?.allow ?? 0n), 0n);
  let bits = (base & ~(ofEveryone?.deny ?? 0n)) | (ofEveryone?.allow ?? 0n);
  bits = (bits & ~denied) | allowed;
  return (bits & ~(ofMember?.deny ?? 0n)) | (ofMember?.allow ?? 0n);
}

export function may(world: World, userId: string, channel: Channel, ...names: readonly Permission[]): boolean {
  if (channel.kind === 'dm') return true;
  const wanted = bitsOf(...names);
  return (permissionsIn(world, userId, channel) & wanted) === wanted;
}
