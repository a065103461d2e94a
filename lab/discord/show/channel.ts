import type { Channel, TextChannel, Thread, World } from '../world.ts';
import { showUser, userOf } from './user.ts';

/** A channel object: of a guild, a thread, or with one person. */
export function showChannel(world: World, channel: Channel): Record<string, unknown> {
  const last = lastMessage(world, channel.id);
  if (channel.kind === 'text') return showText(world, channel, last);
  if (channel.kind === 'thread') return showThread(world, channel, last);
  return {
    id: channel.id,
    type: showKind('dm'),
    last_message_id: last,
    flags: 0,
    recipients: [showUser(userOf(world, channel.userId))],
  };
}

/** The number of a kind of channel. */
export function showKind(kind: Channel['kind']): number {
  return { text: 0, dm: 1, thread: 11 }[kind];
}

function showText(world: World, channel: TextChannel, last: string | null): Record<string, unknown> {
  return {
    id: channel.id,
    type: showKind('text'),
    last_message_id: last,
    flags: 0,
    guild_id: world.guild.id,
    name: channel.name,
    parent_id: null,
    rate_limit_per_user: 0,
    topic: null,
    position: channel.position,
    permission_overwrites: [...channel.overwrites].map(([id, over]) => ({
      id,
      type: over.of === 'role' ? 0 : 1,
      allow: String(over.allow),
      deny: String(over.deny),
    })),
    nsfw: false,
  };
}

function showThread(world: World, thread: Thread, last: string | null): Record<string, unknown> {
  const count = [...world.messages.values()].filter(({ channelId }) => channelId === thread.id).length;
  const joined = new Date(thread.createdAt).toISOString();
  return {
    id: thread.id,
    type: showKind('thread'),
    last_message_id: last,
    flags: 0,
    guild_id: world.guild.id,
    name: thread.name,
    parent_id: thread.parentId,
    rate_limit_per_user: 0,
    owner_id: thread.ownerId,
    thread_metadata: {
      archived: thread.archived,
      archive_timestamp: new Date(thread.activeAt).toISOString(),
      auto_archive_duration: thread.archiveMinutes,
      locked: thread.locked,
      create_timestamp: joined,
    },
    message_count: count,
    member_count: 1,
    total_message_sent: count,
    member: { id: thread.id, user_id: world.application.id, join_timestamp: joined, flags: 0 },
  };
}

function lastMessage(world: World, channelId: string): string | null {
  let last: string | null = null;
  for (const message of world.messages.values()) {
    if (message.channelId === channelId && message.onlyFor === undefined) last = message.id;
  }
  return last;
}
